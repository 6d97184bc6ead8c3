package io.direktiv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.EngineSettings;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The table of settings agrees with the documents, and none is ignored.
class CatalogTest {
  private static final Path PAGE = Path.of("docs", "operations", "settings.md");
  private static final Path SOURCES = Path.of("src", "main", "java");

  private static List<Field> fields() {
    return Stream.of(Catalog.class.getDeclaredFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .filter(field -> field.getType() == Setting.class)
        .toList();
  }

  private static List<String> sources() throws IOException {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        texts.add(Files.readString(file));
      }
    }
    return texts;
  }

  @Test
  void listsEverySetting() {
    assertThat(Catalog.ALL).hasSameSizeAs(fields());
    assertThat(Catalog.ALL).extracting(Setting::key).doesNotHaveDuplicates();
  }

  @Test
  void readsEverySettingSomewhere() throws IOException {
    String all = String.join("\n", sources());
    for (Field field : fields()) {
      assertThat(Pattern.compile("Catalog\\." + field.getName() + "\\b").matcher(all).find())
          .as(field.getName() + " is read")
          .isTrue();
    }
  }

  @Test
  void describesEverySettingInTheDocuments() throws IOException {
    String expected = page();
    Path right = Path.of("target", "settings.md");
    Files.writeString(right, expected);

    assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
        .as(PAGE + " is stale; the right text is in " + right)
        .isEqualTo(expected);
  }

  private static String page() {
    StringBuilder out =
        new StringBuilder(
            """
            # Settings

            <!-- Written by CatalogTest from Catalog.java: change it there. -->

            Every setting is a flag of `direktiv server`, an environment variable, and a key of the YAML file that `--config` or
            `DIREKTIV_CONFIG` names. A flag wins over the environment, that over the file, that over the default. The file is flat:

            ```yaml
            data: /var/lib/direktiv
            auth: tokens
            retention: 30d
            ```

            Unknown keys, unknown flags and wrong values are errors that name the nearest key and what is allowed; a variable that begins
            with `DIREKTIV_` and is no setting is a warning. `direktiv server --print-config` prints what counts and where it comes from.

            Times are `500ms`, `10s`, `15m`, `12h`, `7d` or ISO 8601 such as `P7D`; sizes are `64KiB`, `16MiB`, `10GiB` or bytes.

            | key and flag | variable | default | meaning |
            |---|---|---|---|
            """);
    for (Setting<?> setting : Catalog.ALL) {
      String standard = setting.standard().isEmpty() ? "" : "`" + setting.standard() + "`";
      String key =
          switch (setting.kind()) {
            case OPEN -> "`" + setting.key() + "`";
            case NO_FILE -> "`" + setting.flag() + "` (not in the file)";
            case SECRET -> "(environment only)";
          };
      out.append(
          "| %s | `%s` | %s | %s |%n"
              .formatted(key, setting.variable(), standard, setting.meaning().replace("|", "\\|")));
    }
    return out.toString();
  }

  @Test
  void documentsEveryCodeThatAnOperatorMeets() throws IOException {
    List<String> used =
        sources().stream()
            .flatMap(text -> Pattern.compile("\"(DK\\d{4})").matcher(text).results())
            .map(result -> result.group(1))
            .distinct()
            .sorted()
            .toList();
    try (Stream<Path> pages = Files.list(Path.of("docs", "errors"))) {
      assertThat(
              pages
                  .map(page -> page.getFileName().toString().replace(".md", ""))
                  .filter(name -> name.startsWith("DK"))
                  .sorted())
          .isEqualTo(used);
    }
    String index = Files.readString(Path.of("docs", "errors", "README.md"));
    Matcher links = Pattern.compile("\\(DK\\d{4}\\.md\\)").matcher(index);
    assertThat(links.results().count()).isEqualTo(used.size());
  }

  @Test
  void handsTheLimitsToTheEngine() {
    Settings settings =
        SettingsReader.read(
            Map.of(
                "state-bytes", "2KiB",
                "jq-time", "3s",
                "jq-bytes", "5MiB",
                "subflow-depth", "7",
                "concurrency", "11",
                "timeout-interrupt", "13s",
                "timeout-kill", "17s",
                "history-bytes", "19B"),
            Map.of());

    EngineSettings engine = Server.engine(settings);

    assertThat(engine.dataBytesMax()).isEqualTo(2048);
    assertThat(engine.queryLimits().time()).isEqualTo(Duration.ofSeconds(3));
    assertThat(engine.queryLimits().bytesMax()).isEqualTo(5 << 20);
    assertThat(engine.subflowDepthMax()).isEqualTo(7);
    assertThat(engine.concurrencyMax()).isEqualTo(11);
    assertThat(engine.interruptAfter()).contains(Duration.ofSeconds(13));
    assertThat(engine.killAfter()).contains(Duration.ofSeconds(17));
    assertThat(engine.historyBytesMax()).isEqualTo(19);
    Settings without = SettingsReader.read(Map.of("history", "false"), Map.of());
    assertThat(Server.engine(without).historyBytesMax()).isZero();
  }
}
