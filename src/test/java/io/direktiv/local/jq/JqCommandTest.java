package io.direktiv.local.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `direktiv jq`, against what jq 1.8's manual says of its options, exit codes and messages.
class JqCommandTest {
  @TempDir private Path folder;

  record Ran(int code, String out, String err) {}

  private static Ran jq(String input, String... arguments) {
    return jq(Map.of(), input, arguments);
  }

  private static Ran jq(Map<String, String> environment, String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    byte[] in = input.getBytes(StandardCharsets.UTF_8);
    Io io = new Io(new ByteArrayInputStream(in), out, err, environment, false, false);
    int code = JqCommand.run(List.of(arguments), io);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static void assertPrints(String expected, String input, String... arguments) {
    assertThat(jq(input, arguments)).isEqualTo(new Ran(0, expected, ""));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  // ---- output ----

  @Test
  void printsEachOutputIndentedByTwo() {
    assertPrints("{\n  \"a\": [\n    1\n  ]\n}\n2\n", "{\"a\":[1]} 2", ".");
  }

  @Test
  void printsAsTheOptionsSay() {
    assertPrints("{\"a\":1}\n", "{\"a\": 1}", "-c", ".");
    assertPrints("{\n\t\"a\": 1\n}\n", "{\"a\":1}", "--tab", ".");
    assertPrints("{\n \"a\": 1\n}\n", "{\"a\":1}", "--indent", "1", ".");
    // Since 1.8 that is not -c.
    assertPrints("{\n\"a\": 1\n}\n", "{\"a\":1}", "--indent", "0", ".");
    assertPrints("a\tb\n", "\"a\\tb\"", "-r", ".");
    assertPrints("ab1", "\"a\" \"b\" 1", "-j", ".");
    assertPrints("a\0b\0", "\"a\" \"b\"", "--raw-output0", ".");
    assertPrints("\"\\u00e9\\ud83d\\ude00\"\n", "\"é😀\"", "-a", ".");
    assertPrints(
        "{\"a\":{\"c\":2,\"d\":1},\"b\":1}\n", "{\"b\":1,\"a\":{\"d\":1,\"c\":2}}", "-Sc", ".");
    assertPrints("\u001e1\n", "\u001e1\n", "--seq", ".");
  }

  @Test
  void colours() {
    assertPrints("\u001b[0;90mnull\u001b[0m\n", "null", "-C", ".");
    assertThat(jq(Map.of("JQ_COLORS", "4;31"), "null", "-C", ".").out)
        .isEqualTo("\u001b[4;31mnull\u001b[0m\n");
    assertPrints("null\n", "null", "-M", ".");
  }

  @Test
  void refusesARawOutputWithNulWhereNulEndsOutputs() {
    Ran ran = jq("\"a\\u0000b\"", "--raw-output0", ".");
    assertThat(ran.code).isEqualTo(5);
    assertThat(ran.err).contains("Cannot dump a string containing NUL with --raw-output0 option");
  }

  // ---- input ----

  @Test
  void readsAsTheOptionsSay() {
    assertPrints("[1,2,3]\n", "1 2 3", "-nc", "[inputs]");
    assertPrints("[1,2,3]\n", "1 2 3", "-c", "[., inputs]");
    assertPrints("[1,2]\n", "1 2", "-sc", ".");
    assertPrints("[]\n", "", "-sc", ".");
    assertPrints("\"a\"\n\"b\"\n", "a\nb", "-R", ".");
    assertPrints("\"a\\nb\\n\"\n", "a\nb\n", "-Rs", ".");
    assertPrints("\u001e[1,2]\n", "\u001e1\n\u001e2\n", "--seq", "-nc", "[inputs]");
  }

  @Test
  void streams() {
    assertPrints(
        "[[\"a\",0],1]\n[[\"a\",1,\"b\"],2]\n[[\"a\",1,\"b\"]]\n[[\"a\",1]]\n[[\"a\"]]\n",
        "{\"a\":[1,{\"b\":2}]}",
        "-c",
        "--stream",
        ".");
    assertPrints("{\"a\":[1]}\n", "{\"a\":[1]}", "-nc", "--stream", "fromstream(inputs)");
  }

  @Test
  void printsWhatCameBeforeBrokenInput() {
    Ran ran = jq("1 {\"a\":", ".");
    assertThat(ran.out).isEqualTo("1\n");
    assertThat(ran.err)
        .isEqualTo("jq: parse error: Unfinished JSON term at EOF at line 1, column 7\n");
    assertThat(ran.code).isEqualTo(5);
  }

  @Test
  void goesOnWithTheNextLineAfterAnErrorThatTheProgramCaught() {
    assertPrints(
        "\"Unmatched '}' at line 1, column 4\"\n3\n",
        "[1,} 2\n3",
        "-n",
        "try input catch ., try input catch .");
  }

  @Test
  @Timeout(20)
  void readsASequenceAfterABrokenByteOrderMark() {
    // given the first two bytes of a byte order mark and a record separator
    byte[] in = {(byte) 0xef, (byte) 0xbb, 0x1e, '1', '\n', 0x1e, '2', '\n'};
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    // when
    int code =
        JqCommand.run(
            List.of("--seq", "."),
            new Io(new ByteArrayInputStream(in), out, err, Map.of(), false, false));
    // then
    assertThat(code).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("\u001e2\n");
  }

  @Test
  void printsNumbersThatAreNotWrittenAsJsonAsJson() {
    assertPrints("[-1,-0.5,-5,0,-0,1,-0E+10]\n", "[-01, -.5, -5., 00, -00, +1, -0e10]", "-c", ".");
  }

  @Test
  void knowsWhereItIsWhenThereIsNoMore() {
    assertThat(jq("1\n", "-n", "[inputs, input]"))
        .isEqualTo(new Ran(5, "", "jq: error (at <stdin>:1): break\n"));
  }

  @Test
  void readsFilesOneAfterAnother() throws IOException {
    String one = file("one.json", "1\n");
    String two = file("two.json", "2\n3");
    assertPrints("1\n2\n3\n", "", ".", one, two);
    assertPrints("\"" + one + "\"\n", "", "input_filename", one);
    Ran ran = jq("", ".", folder.resolve("absent").toString(), one);
    assertThat(ran.out).isEqualTo("1\n");
    assertThat(ran.err)
        .isEqualTo(
            "jq: error: Could not open file "
                + folder.resolve("absent")
                + ": No such file or directory\n");
    assertThat(ran.code).isEqualTo(2);
  }

  // ---- variables ----

  @Test
  void namesValues() throws IOException {
    assertPrints("\"1\"\n", "", "-n", "--arg", "x", "1", "$x");
    assertPrints("1\n", "", "-n", "--argjson", "x", "{\"a\":1}", "$x.a");
    assertPrints(
        "{\"positional\":[\"a\",\"b\"],\"named\":{}}\n", "", "-nc", "$ARGS", "--args", "a", "b");
    assertPrints("[1,{\"a\":2}]\n", "", "-nc", "$ARGS.positional", "--jsonargs", "1", "{\"a\":2}");
    assertPrints("{\"x\":\"1\"}\n", "", "-nc", "--arg", "x", "1", "$ARGS.named");
    assertPrints("[1,2]\n", "", "-nc", "--slurpfile", "x", file("x.json", "1 2"), "$x");
    assertPrints("\"1 2\"\n", "", "-n", "--rawfile", "x", file("x.txt", "1 2"), "$x");
    assertThat(jq(Map.of("PAGER", "less"), "", "-n", "$ENV.PAGER, env.PAGER").out)
        .isEqualTo("\"less\"\n\"less\"\n");
  }

  @Test
  void readsTheProgramFromAFileAndModulesFromFolders() throws IOException {
    Files.createDirectory(folder.resolve("lib"));
    Files.writeString(folder.resolve("lib/tools.jq"), "def twice: . * 2;");
    String program = file("program.jq", "# doubles\nimport \"tools\" as t;\nt::twice");
    assertPrints("42\n", "21", "-L", folder.resolve("lib").toString(), "-f", program);
  }

  // ---- exit codes and messages ----

  @Test
  void tellsByItsExitCode() {
    assertThat(jq("null", "-e", ".")).isEqualTo(new Ran(1, "null\n", ""));
    assertThat(jq("1", "-e", ".")).isEqualTo(new Ran(0, "1\n", ""));
    assertThat(jq("1", "-e", "empty")).isEqualTo(new Ran(4, "", ""));
    assertThat(jq("", "-n", "halt, 1")).isEqualTo(new Ran(0, "", ""));
    assertThat(jq("", "-n", "\"bye\\n\" | halt_error(3)")).isEqualTo(new Ran(3, "", "bye\n"));
    assertThat(jq("", "-nc", "{a: 1} | halt_error")).isEqualTo(new Ran(5, "", "{\"a\":1}\n"));
  }

  @Test
  void saysWhereAnErrorCame() {
    assertThat(jq("1\n", ".a"))
        .isEqualTo(
            new Ran(5, "", "jq: error (at <stdin>:1): Cannot index number with string (\"a\")\n"));
    Ran ran = jq("", "-n", "1 +");
    assertThat(ran.code).isEqualTo(3);
    assertThat(ran.err)
        .startsWith(
            "jq: error: syntax error, unexpected end of file at <top-level>, line 1, column 3:\n"
                + "    1 +\n"
                + "      ^\n"
                + "jq: 1 compile error\n")
        .contains("hint: ");
    Ran empty = jq("1", "");
    assertThat(empty.code).isEqualTo(3);
    assertThat(empty.err)
        .startsWith("jq: error: Top-level program not given (try \".\")\njq: 1 compile error\n");
    // The last input decides.
    assertThat(jq("1 2", "if . == 1 then error(\"x\") else . end"))
        .isEqualTo(new Ran(0, "2\n", "jq: error (at <stdin>:0): x\n"));
    assertThat(jq("1\n", "halt_error(\"x\")").err)
        .isEqualTo("jq: error (at <stdin>:1): number (1) halt_error/1: number required\n");
  }

  @Test
  void refusesAWrongCommandLine() {
    Ran indent = jq("1", "--indent", "8", ".");
    assertThat(indent.code).isEqualTo(2);
    assertThat(indent.err).startsWith("jq: --indent takes a number between -1 and 7");
    Ran unknown = jq("1", "--raw-outputt", ".");
    assertThat(unknown.code).isEqualTo(2);
    assertThat(unknown.err).startsWith("jq: Unknown option --raw-outputt");
    assertThat(unknown.err).contains("did you mean --raw-output?");
    assertThat(jq("1", "--arg", "x").code).isEqualTo(2);
    assertThat(jq("1", "--argjson", "x", "{", ".").err)
        .startsWith("jq: invalid JSON text passed to --argjson");
  }

  // ---- tests in jq's own format ----

  @ParameterizedTest
  @ValueSource(strings = {"jq", "man", "onig", "manonig", "base64", "uri", "optional"})
  void jqsOwnSuitePasses(String name) {
    Path suite = Path.of("../shared/jq-suite", name + ".test");
    assumeTrue(Files.isRegularFile(suite), "jq's suite is not beside the project");
    Ran ran =
        jq(
            Map.of("PAGER", "less"),
            "",
            "-L",
            "src/test/resources/jq/modules",
            "--run-tests",
            suite.toString());
    assertThat(ran.code).as(ran.out).isZero();
    assertThat(ran.out.strip().lines().toList().getLast())
        .matches("([0-9]+) of \\1 tests passed \\(0 malformed, 0 skipped\\)");
  }

  @Test
  void reportsATestThatFails() throws IOException {
    String tests =
        file("a.test", "# one right, one wrong\n.a\n{\"a\":1}\n1\n\n.a\n{\"a\":1}\n2\n\n");
    Ran ran = jq("", "--run-tests", tests);
    assertThat(ran.code).isEqualTo(1);
    assertThat(ran.out)
        .contains("*** Expected 2, but got 1 for test at line number 8: .a")
        .endsWith("1 of 2 tests passed (0 malformed, 0 skipped)\n");
  }

  // ---- as a state sees it ----

  @Test
  void evaluatesAsAStateWould() {
    assertPrints(
        "{\"msg\":\"Hello, Alan!\"}\n",
        "{\"name\":\"Alan\"}",
        "-c",
        "--workflow",
        "examples/helloworld.yml",
        "{msg: (\"Hello, \" + .name + \"!\")}");
  }

  @Test
  void saysWhichStateIsMeant() throws IOException {
    String flow =
        file(
            "flow.yml",
            "id: flow\nstates:\n- id: first\n  type: noop\n- id: second\n  type: noop\n");
    Ran ran = jq("{}", "--workflow", flow, "--state", "secnod", ".");
    assertThat(ran.code).isEqualTo(2);
    assertThat(ran.err).contains("there is no state \"secnod\"; did you mean \"second\"?");
  }
}
