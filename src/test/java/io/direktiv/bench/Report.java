package io.direktiv.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A page of figures: printed while it grows, written at the end.
final class Report {
  private final String name;
  private final List<String> lines = new ArrayList<>();

  /// A page called `name` that opens with what was measured and how.
  Report(String name, String title, String method) {
    this.name = name;
    line("# " + title);
    line("");
    line("Written by `./dev bench " + name + "`. " + method);
    line("");
    line(machine());
    line("");
  }

  private static String machine() {
    return "Machine: "
        + Runtime.getRuntime().availableProcessors()
        + " processors ("
        + processor()
        + "), JDK "
        + Runtime.version()
        + ", "
        + System.getProperty("os.name")
        + ", "
        + LocalDate.now(ZoneOffset.UTC)
        + ".";
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException _) {
      return "unknown";
    }
  }

  void line(String text) {
    System.out.println(text);
    lines.add(text);
  }

  /// A row of a table.
  void row(Object... cells) {
    line(Arrays.stream(cells).map(Report::cell).collect(Collectors.joining(" | ", "| ", " |")));
  }

  /// The head of a table.
  void head(String... cells) {
    row((Object[]) cells);
    line("|" + " --- |".repeat(cells.length));
  }

  private static String cell(Object value) {
    return value instanceof Double number ? number(number) : String.valueOf(value);
  }

  /// A figure with as many digits as mean something.
  static String number(double value) {
    String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  void write() throws IOException {
    Path page = Path.of("docs/benchmarks", name.toLowerCase(Locale.ROOT) + ".md");
    Files.createDirectories(page.getParent());
    Files.writeString(page, String.join("\n", lines).strip() + "\n");
    System.out.println("written: " + page);
  }
}
