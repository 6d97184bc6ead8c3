package io.direktiv.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.LineNumberInfo;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// How the sources look: sizes, comments, and what must not stand in them.
final class TidyTest {
  private static final int FILE_LINES_MAX = 600;
  private static final int METHOD_LINES_MAX = 60;
  private static final int PACKAGE_FILES_MAX = 25;
  private static final int LINE_CHARS_MAX = 100;

  /// Files that are longer, and why.
  private static final List<String> LONGER_FILES =
      // WHY: the contract of a store is one list of what holds, read from the top.
      List.of("StoreContract.java");

  /// Tests that watch another process, a socket or a thread from outside, which send no signal.
  private static final List<String> OUTSIDERS =
      List.of("/api/http/DoorBoundsTest", "/bench/", "/crash/", "/functions/");

  private record Source(String path, List<String> lines) {}

  private static final List<Source> SOURCES = new ArrayList<>();

  @BeforeAll
  static void read() throws IOException {
    for (String root : List.of("src/main/java", "src/test/java", "tools")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .sorted()
            .forEach(file -> SOURCES.add(new Source(file.toString(), lines(file))));
      }
    }
    assertThat(SOURCES).isNotEmpty();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Source> main() {
    return SOURCES.stream().filter(source -> source.path.startsWith("src/main/"));
  }

  private static String folder(Source source) {
    return source.path.substring(0, source.path.lastIndexOf('/'));
  }

  @Test
  void filesAreShort() {
    assertThat(SOURCES)
        .filteredOn(source -> LONGER_FILES.stream().noneMatch(source.path::endsWith))
        .allSatisfy(
            source -> assertThat(source.lines.size()).as(source.path).isLessThan(FILE_LINES_MAX));
  }

  @Test
  void packagesAreOneSubject() {
    Map<String, Integer> files = new TreeMap<>();
    main()
        .filter(source -> !source.path.endsWith("package-info.java"))
        .forEach(source -> files.merge(folder(source), 1, Integer::sum));
    files.forEach(
        (folder, count) -> assertThat(count).as(folder).isLessThanOrEqualTo(PACKAGE_FILES_MAX));
  }

  @Test
  void packagesSayWhatTheyAre() {
    assertThat(main().map(TidyTest::folder).distinct())
        .allSatisfy(folder -> {
          List<String> info = lines(Path.of(folder, "package-info.java"));
          assertThat(info.getFirst()).as(folder).startsWith("/// ").matches("/// (?:[A-Z]|jq).*");
        });
  }

  private static final Pattern TYPE =
      Pattern.compile(
          "(?:(?:public|protected|abstract|final|static|sealed|non-sealed) )*"
              + "(?:class|interface|record|enum|@interface) [A-Z]\\w*.*");

  @Test
  void typesSayWhatTheyAre() {
    List<String> silent = new ArrayList<>();
    SOURCES.forEach(source -> {
      boolean isMain = source.path.startsWith("src/main/");
      for (int i = 0; i < source.lines.size(); i++) {
        String line = source.lines.get(i);
        boolean isOuter = TYPE.matcher(line).matches();
        boolean isFace =
            isMain && line.startsWith("  public ") && TYPE.matcher(line.strip()).matches();
        if ((isOuter || isFace) && !isDocumented(source.lines, i)) {
          silent.add(source.path + ":" + (i + 1));
        }
      }
    });
    assertThat(silent).as("types without a doc comment").isEmpty();
  }

  private static boolean isDocumented(List<String> lines, int type) {
    for (int i = type - 1; i >= 0; i--) {
      String line = lines.get(i).strip();
      if (line.startsWith("///")) {
        return true;
      }
      if (line.isEmpty()) {
        return false;
      }
    }
    return false;
  }

  @Test
  void methodsAreShort() throws IOException, URISyntaxException {
    List<String> longer = new ArrayList<>();
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes.resolve("io/direktiv"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        ClassModel model = ClassFile.of().parse(file);
        boolean isGenerated = file.toString().contains("/protocol/");
        for (MethodModel method : isGenerated ? List.<MethodModel>of() : model.methods()) {
          int lines = lines(method);
          if (lines > METHOD_LINES_MAX) {
            longer.add(
                model.thisClass().asInternalName()
                    + "."
                    + method.methodName().stringValue()
                    + " has "
                    + lines);
          }
        }
      }
    }
    assertThat(longer).isEmpty();
  }

  /// From the first to the last line of its code; initializers are spread over a class.
  private static int lines(MethodModel method) {
    if (method.methodName().stringValue().startsWith("<")) {
      return 0;
    }
    List<Integer> lines =
        method
            .findAttribute(Attributes.code())
            .flatMap(code -> code.findAttribute(Attributes.lineNumberTable()))
            .map(table -> table.lineNumbers().stream().map(LineNumberInfo::lineNumber).toList())
            .orElse(List.of());
    return lines.isEmpty()
        ? 0
        : lines.stream().mapToInt(i -> i).max().orElseThrow()
            - lines.stream().mapToInt(i -> i).min().orElseThrow()
            + 1;
  }

  /// Texts that a test compares with keep their own width.
  @Test
  void linesFitTheScreen() {
    Predicate<String> isLong = line -> line.length() > LINE_CHARS_MAX && !line.contains("http");
    assertNone("long lines", main(), isLong, _ -> true);
    assertNone(
        "long lines",
        SOURCES.stream()
            .filter(source -> source.lines.stream().noneMatch(l -> l.contains("\"\"\""))),
        line -> isLong.test(line) && !line.contains("\""),
        _ -> true);
  }

  @Test
  void nothingIsLeftToDo() {
    Pattern open = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    assertNone("open work", SOURCES.stream(), line -> open.matcher(line).find(), _ -> true);
  }

  @Test
  void testsWaitForSignals() {
    String sleep = "Thread." + "sleep(";
    assertNone(
        "tests that sleep",
        SOURCES.stream().filter(source -> source.path.startsWith("src/test/")),
        line -> line.contains(sleep),
        source -> OUTSIDERS.stream().noneMatch(source.path::contains));
  }

  @Test
  void noPathsOfAMachine() {
    Pattern path = Pattern.compile("/(work|home|root|Users)/[a-z]");
    assertNone(
        "paths of a machine",
        SOURCES.stream().filter(source -> !source.path.endsWith("TidyTest.java")),
        line -> path.matcher(line).find(),
        _ -> true);
  }

  private static void assertNone(
      String what, Stream<Source> sources, Predicate<String> isWrong, Predicate<Source> isMeant) {
    List<String> wrong = new ArrayList<>();
    sources
        .filter(isMeant)
        .forEach(source -> {
          for (int i = 0; i < source.lines.size(); i++) {
            if (isWrong.test(source.lines.get(i))) {
              wrong.add(source.path + ":" + (i + 1));
            }
          }
        });
    assertThat(wrong).as(what).isEmpty();
  }
}
