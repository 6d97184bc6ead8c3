package io.direktiv.local.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./direktiv jq` as a user starts it. What is expected is what jq 1.8.2 prints and how it exits.
@Tag("e2e")
class JqLauncherTest {
  private static final Path LAUNCHER = Path.of("direktiv").toAbsolutePath();

  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void writeFiles() throws IOException {
    file("a.json", "{\"a\":1}\n{\"a\":2}\n");
    file("b.json", "[3]");
    file("a.jq", "# of a file\n.a");
  }

  private void file(String name, String text) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Ran jq(String input, String... arguments) throws Exception {
    return jq(Map.of(), input, arguments);
  }

  private Ran jq(Map<String, String> environment, String input, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "jq"));
    command.addAll(List.of(arguments));
    return run(environment, input, command);
  }

  private Ran run(Map<String, String> environment, String input, List<String> command)
      throws Exception {
    Path in = Files.writeString(Files.createTempFile(folder, "stdin", ""), input);
    Path out = Files.createTempFile(folder, "stdout", "");
    Path err = Files.createTempFile(folder, "stderr", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("HOME", folder.toString());
    builder.environment().keySet().removeAll(List.of("NO_COLOR", "JQ_COLORS"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /// The same in a shell, `jq` being the launcher.
  private Ran shell(String script) throws Exception {
    String function = "jq() { " + LAUNCHER + " jq \"$@\"; }; ";
    return run(Map.of(), "", List.of("bash", "-c", function + script));
  }

  @Test
  void readsFilesAndStandardInputAsStreams() throws Exception {
    assertThat(jq("1 [2]\n\"x\"", "-c", ".")).isEqualTo(new Ran(0, "1\n[2]\n\"x\"\n", ""));
    assertThat(jq("", "-c", ".", "a.json", "b.json"))
        .isEqualTo(new Ran(0, "{\"a\":1}\n{\"a\":2}\n[3]\n", ""));
    assertThat(jq("{\"a\":7}", "-f", "a.jq")).isEqualTo(new Ran(0, "7\n", ""));
    assertThat(jq("", "a.json", "-f", "a.jq").code).isEqualTo(3);
    assertThat(jq("", "-f", "a.jq", "a.json")).isEqualTo(new Ran(0, "1\n2\n", ""));
    assertThat(jq("a\nb", "-nRc", "[inputs]")).isEqualTo(new Ran(0, "[\"a\",\"b\"]\n", ""));
  }

  /// As jq does, whose loop ends with the first input after a file that could not be opened.
  @Test
  void goesToTheNextFileWhenOneIsMissing() throws Exception {
    String missing = "jq: error: Could not open file nofile: No such file or directory\n";
    assertThat(jq("", "-c", ".", "nofile", "a.json")).isEqualTo(new Ran(2, "{\"a\":1}\n", missing));
    assertThat(jq("", "-c", ".", "a.json", "nofile"))
        .isEqualTo(new Ran(2, "{\"a\":1}\n{\"a\":2}\n", missing));
  }

  @Test
  void exitsWithTheCodesOfJq() throws Exception {
    assertThat(jq("false", "-e", ".").code).isEqualTo(1);
    assertThat(jq("1", "-e", "empty").code).isEqualTo(4);
    assertThat(jq("1", "-e", ".").code).isZero();
    assertThat(jq("", "-n", "{").code).isEqualTo(3);
    assertThat(jq("", "-n", "\"bye\\n\" | halt_error(7)")).isEqualTo(new Ran(7, "", "bye\n"));
    assertThat(jq("[1]", ".a"))
        .isEqualTo(
            new Ran(5, "", "jq: error (at <stdin>:0): Cannot index array with string (\"a\")\n"));
    assertThat(jq("1 [2,", "-c", "."))
        .isEqualTo(
            new Ran(
                5, "1\n", "jq: parse error: Unfinished JSON term at EOF at line 1, column 5\n"));
  }

  @Test
  void refusesWhatIsNoCommandLine() throws Exception {
    String help = "\nSee: direktiv jq --help\n";
    assertThat(jq("", "-n", "--indent", "8", "."))
        .isEqualTo(new Ran(2, "", "jq: --indent takes a number between -1 and 7" + help));
    assertThat(jq("", "-Z")).isEqualTo(new Ran(2, "", "jq: Unknown option -Z" + help));
    assertThat(jq("", "-n", "$ARGS", "--jsonargs", "nope"))
        .isEqualTo(new Ran(2, "", "jq: invalid JSON text passed to --jsonargs" + help));
    assertThat(jq("", "-n", "--debug-dump-disasm", "1"))
        .isEqualTo(
            new Ran(2, "", "jq: there is no bytecode to show with --debug-dump-disasm" + help));
    assertThat(jq("", "-n", "# nothing"))
        .isEqualTo(
            new Ran(
                3,
                "",
                "jq: error: Top-level program not given (try \".\")\njq: 1 compile error\n"
                    + "hint: the query is empty\n"));
  }

  @Test
  void takesOptionsAnywhereAndTogether() throws Exception {
    assertThat(jq("", "-nr", "\"a\"")).isEqualTo(new Ran(0, "a\n", ""));
    assertThat(jq("", "-n", "$x + $y", "--arg", "x", "1", "--arg", "y", "2"))
        .isEqualTo(new Ran(0, "\"12\"\n", ""));
    assertThat(jq("", "-nc", "$ARGS", "--args", "a", "--jsonargs", "1", "--", "[2]"))
        .isEqualTo(new Ran(0, "{\"positional\":[\"a\",1,[2]],\"named\":{}}\n", ""));
    assertThat(jq("", "-n", "--tab", "[1]")).isEqualTo(new Ran(0, "[\n\t1\n]\n", ""));
    assertThat(jq("", "-nc", "--seq", "[1]")).isEqualTo(new Ran(0, "\u001e[1]\n", ""));
    assertThat(jq("[1,[2,3", "-c", "--stream", "."))
        .isEqualTo(
            new Ran(
                5,
                "[[0],1]\n[[1,0],2]\n",
                "jq: parse error: Unfinished JSON term at EOF at line 1, column 7\n"));
  }

  @Test
  void findsModulesAndTheFileOfItsUser() throws Exception {
    file("lib/m.jq", "def f: \"m\";");
    assertThat(jq("", "-L", "lib", "-nr", "import \"m\" as m; m::f").out).isEqualTo("m\n");
    assertThat(jq("", "-L", "lib", "-n", "import \"../lib/m\" as m; m::f"))
        .extracting(Ran::code)
        .isEqualTo(3);
    assertThat(jq("", "-nr", "get_jq_origin").out).isEqualTo(LAUNCHER.getParent() + "\n");
    file(".jq", "def hello: \"hello, \" + .; def map(f): \"mine\";");
    assertThat(jq("\"you\"", "-r", "hello, map(.)").out).isEqualTo("hello, you\nmine\n");
    Files.delete(folder.resolve(".jq"));
    file(".jq/h.jq", "def h: 8;");
    assertThat(jq("", "-n", "import \"h\" as h; h::h").out).isEqualTo("8\n");
  }

  @Test
  void runsTests() throws Exception {
    file("good.test", ".a\n{\"a\":1}\n1\n");
    file("bad.test", ".a\n{\"a\":1}\n1\n\n.a\n{\"a\":1}\n2\n");
    assertThat(jq("", "--run-tests", "good.test"))
        .satisfies(ran -> assertThat(ran.code).isZero())
        .satisfies(ran -> assertThat(ran.out).contains("1 of 1 tests passed"));
    assertThat(jq("", "--run-tests", "bad.test"))
        .satisfies(ran -> assertThat(ran.code).isEqualTo(1))
        .satisfies(ran -> assertThat(ran.out).contains("1 of 2 tests passed"));
  }

  @Test
  void seesWhatAStateSees() throws Exception {
    file(
        "w.yml",
        "id: www\nstates:\n- id: a\n  type: noop\n  transform: '{msg: .name}'\n  transition: b\n"
            + "- id: b\n  type: noop\n");
    assertThat(jq("{\"name\":\"x\"}", "--workflow", "w.yml", "--state", "a", "-c", ".name"))
        .isEqualTo(new Ran(0, "\"x\"\n", ""));
    assertThat(jq("{}", "--workflow", "w.yml", "--state", "a", "input").code).isEqualTo(3);
  }

  @Test
  void endsQuietlyWhenNobodyReadsOn() throws Exception {
    Ran ran = shell("jq -n 'repeat(1)' | head -1");
    assertThat(ran.out).isEqualTo("1\n");
    assertThat(ran.err).isEmpty();
  }

  @Test
  void endsWhenItIsInterrupted() throws Exception {
    // given: a query without end that has begun
    Process process =
        new ProcessBuilder(
                LAUNCHER.toString(), "jq", "-n", "--unbuffered", "\"begun\", last(repeat(1))")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("\"begun\"");
    // when
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    // then
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
  }

  @Test
  void coloursOnATerminalOnly() throws Exception {
    assertThat(jq("", "-n", "1").out).isEqualTo("1\n");
    assertThat(jq("", "-nC", "1").out).isEqualTo("\u001b[0;39m1\u001b[0m\n");
    assertThat(jq(Map.of("JQ_COLORS", "0:0:0:4;31"), "", "-nC", "1").out)
        .isEqualTo("\u001b[4;31m1\u001b[0m\n");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "there is no script(1)");
    String inTerminal = "script -qec '%s" + LAUNCHER + " jq -n 1' /dev/null < /dev/null";
    assertThat(shell(inTerminal.formatted("")).out).contains("\u001b[0;39m1\u001b[0m");
    assertThat(shell(inTerminal.formatted("NO_COLOR=1 ")).out).doesNotContain("\u001b[0;39m");
  }
}
