package io.direktiv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// What the program says about itself, without a server.
final class HelpTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /// Every command, as words, with its parameters.
  static Stream<List<String>> commands() {
    List<List<String>> found = new ArrayList<>();
    CommandLine root = Direkcli.commandLine(List.of(), io(out(), out()));
    root.getSubcommands()
        .forEach((group, line) ->
            line.getSubcommands().keySet().forEach(name -> found.add(List.of(group, name))));
    assertThat(found).hasSize(22);
    return found.stream();
  }

  private static ByteArrayOutputStream out() {
    return new ByteArrayOutputStream();
  }

  private static Io io(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Io(
        new ByteArrayInputStream(new byte[0]),
        out,
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.of());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void explainsEveryCommandWithItsArgumentsAndAnExample(List<String> command) {
    CommandLine root = Direkcli.commandLine(List.of(), io(out(), out()));
    CommandLine line =
        root.getSubcommands().get(command.get(0)).getSubcommands().get(command.get(1));

    assertThat(run(command.get(0), command.get(1), "--help")).isZero();

    String help = out.toString(StandardCharsets.UTF_8);
    assertThat(help).startsWith("Usage: direkcli " + String.join(" ", command));
    assertThat(help).containsPattern("Examples?:\n  \\S").contains("--grpc", "--json");
    assertThat(help).contains("direkcli " + String.join(" ", command));
    line.getCommandSpec()
        .positionalParameters()
        .forEach(parameter -> {
          assertThat(help).contains(parameter.paramLabel());
          assertThat(parameter.description()).isNotEmpty();
        });
    line.getCommandSpec()
        .options()
        .forEach(option -> assertThat(option.description()).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void isDescribedInTheDocuments(List<String> command) throws IOException {
    String page = Files.readString(Path.of("docs", "cli", "direkcli.md"));
    CommandLine line =
        Direkcli.commandLine(List.of(), io(out(), out()))
            .getSubcommands()
            .get(command.get(0))
            .getSubcommands()
            .get(command.get(1));

    assertThat(page).contains("`" + String.join(" ", command));
    line.getCommandSpec()
        .options()
        .forEach(option -> assertThat(page).contains("`" + option.longestName()));
  }

  @ParameterizedTest
  @CsvSource({
    "namespace list, 'there is no command \"namespace\"; did you mean namespaces?'",
    "workflows creat, 'there is no command \"creat\"; did you mean create?'",
    "version, 'there is no command \"version\"'",
    "workflows list demo --timeout=x, 'Invalid value for option ''--timeout'': ''x'' is not a number of"
        + " seconds'",
    "workflows list demo --jsn, 'there is no option \"--jsn\"; did you mean --json?'",
    "workflows list demo more, '\"more\" is one argument too many'",
    "workflows list, 'Missing required parameter: ''NAMESPACE'''",
    "instances list demo --limit=x, 'Invalid value for option ''--limit'''"
  })
  void saysWhatIsWrongWithACommandLine(String words, String sentence) {
    assertThat(run(words.split(" "))).isEqualTo(2);

    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("direkcli: " + sentence);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("See: direkcli");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void explainsItselfWhenTheCommandIsMissing() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("workflows")).isEqualTo(2);

    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("Usage: direkcli ", "Usage: direkcli workflows ");
  }

  @ParameterizedTest
  @CsvSource({
    "help, 'direkcli [-h]'",
    "workflows help, 'direkcli workflows [-h]'",
    "help workflows, 'direkcli workflows [-h]'",
    "--json workflows help, 'direkcli workflows [-h]'",
    "help workflows list, 'direkcli workflows list [-h]'",
    "workflows help list, 'direkcli workflows list [-h]'"
  })
  void takesTheWordHelpForTheOption(String words, String usage) {
    assertThat(run(words.split(" "))).isZero();

    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: " + usage);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void fitsAScreen(List<String> command) {
    run(command.get(0), command.get(1), "--help");

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
        .noneMatch(line -> line.matches("\\s*(6666|--wait)"));
  }

  @Test
  void saysWhatIsWrongInJson() {
    assertThat(run("--json", "workflows", "creat")).isEqualTo(2);

    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {
                "message": "there is no command \\"creat\\"; did you mean create?; see: direkcli workflows --help",
                "success": false
            }
            """);
  }

  @Test
  void saysItsVersion() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("direkcli unpacked\n");
  }

  private int run(String... args) {
    return Direkcli.run(args, io(out, err));
  }
}
