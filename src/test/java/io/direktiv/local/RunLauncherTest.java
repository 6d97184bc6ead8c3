package io.direktiv.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./direktiv run` and `./direktiv validate` as a user starts them.
@Tag("e2e")
class RunLauncherTest {
  private static final String NOOP = "states:\n- id: a\n  type: noop\n  transform: %s\n";

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();

  private record Ran(int code, String out, String err) {}

  private Ran direktiv(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("./direktiv"));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    Path in = Files.writeString(folder.resolve("stdin"), input);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void refusesAWrongSettingInOneSentence() throws Exception {
    environment.put("DIREKTIV_FUNCTIONS_MAX", "many");
    assertThat(direktiv("", "run", "examples/helloworld.yml"))
        .isEqualTo(
            new Ran(
                2,
                "",
                "DK0001: DIREKTIV_FUNCTIONS_MAX: functions-max must be a whole number from 1 to"
                    + " 10000, but is \"many\"\n"));
  }

  @Test
  void printsTheOutputAndNothingElse() throws Exception {
    Ran ran = direktiv("", "run", "examples/helloworld.yml", "--input", "{\"name\":\"Alan\"}");
    assertThat(ran.out).isEqualTo("{\"msg\":\"Hello, Alan!\"}\n");
    assertThat(ran.code).isZero();
  }

  @Test
  void readsInputFromStandardInputAndFromAFile() throws Exception {
    String flow = file("a.yml", "id: abc\n" + NOOP.formatted("'{ got: . }'"));
    String input = file("input.json", "{ \"name\": \"Alan\",\n  \"n\": [1, 2] }\n");
    String got = "{\"got\":{\"name\":\"Alan\",\"n\":[1,2]}}\n";
    assertThat(direktiv("\"text\"", "run", flow, "--input", "-").out)
        .isEqualTo("{\"got\":{\"input\":\"text\"}}\n");
    assertThat(direktiv("", "run", flow, "--input", "@" + input).out).isEqualTo(got);
    assertThat(direktiv("", "run", flow, "--input=@" + input).out).isEqualTo(got);
    assertThat(direktiv("", "run", flow).out).isEqualTo("{\"got\":{}}\n");
  }

  @Test
  void failsWithTheErrorsCodeAndMessage() throws Exception {
    String flow =
        file(
            "a.yml",
            "id: abc\nstates:\n- { id: a, type: error, error: my.code, message: 'no %v', args: [.x] }\n");
    Ran ran = direktiv("", "run", flow, "--input", "{\"x\":7}", "--logs");
    assertThat(ran.code).isEqualTo(1);
    assertThat(ran.err).contains("failed: [my.code] no 7", "Beginning workflow triggered by API.");
  }

  @Test
  void runsAWorkflowOfAFolderWithTheOthersAsSubflows() throws Exception {
    file(
        "a.yml",
        "id: outer\nstates:\n- id: a\n  type: action\n  action: { workflow: inner, input: . }\n");
    file("b.yml", "id: inner\n" + NOOP.formatted("'{ in: . }'"));
    Ran ran = direktiv("", "run", folder.toString(), "--workflow", "outer", "--input", "{\"k\":1}");
    assertThat(ran.out).isEqualTo("{\"k\":1,\"return\":{\"in\":{\"k\":1}}}\n");
    assertThat(direktiv("", "run", folder.toString()).code).isEqualTo(2);
  }

  @Test
  void refusesWhatItCannotUnderstandWithCodeTwo() throws Exception {
    String flow = file("a.yml", "id: abc\n" + NOOP.formatted("."));
    assertThat(direktiv("", "run", "nowhere.yml").code).isEqualTo(2);
    assertThat(direktiv("", "run", flow, "--input", "{").err).contains("--input is not JSON");
    assertThat(direktiv("", "run", flow, "--input", "@nowhere.json").code).isEqualTo(2);
    assertThat(direktiv("", "run", flow, "--what").code).isEqualTo(2);
    assertThat(direktiv("", "validate", "nowhere").err).contains("nowhere does not exist");
  }

  @Test
  void reportsABadDefinitionWithCodeOne() throws Exception {
    String flow = file("a.yml", "id: abc\n" + NOOP.formatted("'{'"));
    Ran ran = direktiv("", "run", flow);
    assertThat(ran.code).isEqualTo(1);
    assertThat(ran.out).isEmpty();
    assertThat(ran.err).contains(flow + ":5:16: error: ");
    assertThat(direktiv("", "validate", flow).out).contains("1 file, 1 error, 0 warnings");
  }

  @Test
  void runsTheExamplesThatNeedNoServer() throws Exception {
    String decide = "examples/switch-retry-catch.yml";
    assertThat(direktiv("", "run", decide, "--input", "{\"amount\":50}").out)
        .isEqualTo("{\"result\":\"approved\",\"amount\":50}\n");
    assertThat(direktiv("", "run", decide, "--input", "{\"amount\":\"many\"}").out)
        .isEqualTo("{\"result\":\"refused\",\"code\":\"direktiv.schema.failed\"}\n");
    String items = "{\"items\":[{\"sku\":\"pen\",\"count\":3},{\"sku\":\"book\",\"count\":1}]}";
    assertThat(
            direktiv("", "run", "examples", "--workflow", "foreach-subflow", "--input", items).out)
        .isEqualTo(
            "{\"lines\":[{\"sku\":\"pen\",\"price\":6},{\"sku\":\"book\",\"price\":20}],"
                + "\"total\":26}\n");
    assertThat(direktiv("", "run", "examples/variables.yml").out).isEqualTo("{\"runs\":1}\n");
  }

  @Test
  void findsNoErrorInTheExamples() throws Exception {
    Ran ran = direktiv("", "validate", "examples");
    assertThat(ran.code).isZero();
    assertThat(ran.out).endsWith(" files, 0 errors, 1 warning\n");
  }

  @Test
  void readsTheWorkflowFromStandardInput() throws Exception {
    String flow = "id: abc\n" + NOOP.formatted("'{ got: . }'");
    assertThat(direktiv(flow, "run", "-", "--input", "{\"n\":1}").out)
        .isEqualTo("{\"got\":{\"n\":1}}\n");
    assertThat(direktiv(flow, "validate", "-"))
        .isEqualTo(new Ran(0, "1 file, 0 errors, 0 warnings\n", ""));
    assertThat(direktiv("id: abc\n", "run", "-"))
        .isEqualTo(new Ran(1, "", "<stdin>:1:1: error: states required\n"));
    assertThat(direktiv("id: abc\n", "validate", "-").out)
        .startsWith("<stdin>:1:1: error: states required\n");
    assertThat(direktiv(flow, "run", "-", "--input", "-").err)
        .startsWith("direktiv: standard input cannot be both the workflow and its input");
  }

  @Test
  void failsWhenTheOutputCannotBeWritten() throws Exception {
    String[] words = {"./direktiv", "run", "examples/helloworld.yml"};
    Path err = folder.resolve("stderr");
    Process full =
        new ProcessBuilder(words)
            .redirectOutput(Path.of("/dev/full").toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(full.waitFor()).isEqualTo(1);
    assertThat(err).hasContent("direktiv: the output cannot be written: No space left on device");

    Process piped =
        new ProcessBuilder("bash", "-c", "./direktiv validate examples | true; exit $PIPESTATUS")
            .redirectError(err.toFile())
            .start();
    assertThat(piped.waitFor()).isEqualTo(141);
    assertThat(err).isEmptyFile();
  }

  @Test
  void namesTheWorkflowsOfAFolder() throws Exception {
    file("a.yml", "id: first\n" + NOOP.formatted("."));
    file("b.yml", "id: second\n" + NOOP.formatted("."));
    String broken = file("c.yml", "id: third\n");
    assertThat(direktiv("", "run", folder.toString()).err)
        .startsWith(
            "direktiv: "
                + folder
                + " holds several workflows; say which one to run with --workflow ID; there are"
                + " first, second; not valid: "
                + broken
                + "\n");
    assertThat(direktiv("", "run", folder.toString(), "--workflow", "third").err)
        .startsWith(
            "direktiv: no workflow of " + folder + " has the id \"third\"; there are first");
  }

  @Test
  void saysInOneSentenceWhatIsWrongWithACommandLine() throws Exception {
    assertThat(direktiv("", "runn"))
        .isEqualTo(
            new Ran(
                2,
                "",
                "direktiv: there is no command \"runn\"; did you mean run?\n"
                    + "See: direktiv --help\n"));
    assertThat(direktiv("", "run", "absent.yml").err)
        .isEqualTo(
            "direktiv: absent.yml does not exist; give a workflow file or a folder of them\n"
                + "See: direktiv run --help\n");
    assertThat(direktiv("", "server", "--prot", "3").err)
        .startsWith("direktiv: there is no option \"--prot\"")
        .endsWith("See: direktiv server --help\n");
    assertThat(direktiv("", "server", "--concurency=5").err)
        .startsWith(
            "direktiv: there is no option \"--concurency=5\"; did you mean --concurrency?\n");
    assertThat(direktiv("", "token").err)
        .startsWith("direktiv: say what to do: create, list, delete\n");
    assertThat(direktiv("", "run", "examples/helloworld.yml", "--input", "@absent.json").err)
        .startsWith("direktiv: --input @absent.json cannot be read: it does not exist\n");
    assertThat(direktiv("", "run", "examples/helloworld.yml", "--input", "@").err)
        .startsWith("direktiv: --input @ names no file; write --input @FILE\n");
    assertThat(direktiv("", "run", "examples/helloworld.yml", "--secret", "foo").err)
        .startsWith("direktiv: --secret foo: write NAME=@FILE or NAME=ENV:VARIABLE\n");
  }
}
