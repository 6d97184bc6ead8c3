package io.direktiv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.shipped.ServerSpec;
import io.direktiv.shipped.ShippedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The quickstart of the README, word for word, with the launchers that ship.
@Tag("e2e")
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class QuickstartE2eTest {
  private static final Pattern CONSOLE = Pattern.compile("(?s)```console\n(.*?)```");
  private static final Path HOME = Path.of("").toAbsolutePath();

  @TempDir private static Path folder;
  private static ShippedServer server;
  private static String grpc;
  private static String http;

  record Result(int code, String out, String err) {}

  @BeforeAll
  static void startServer() throws IOException, InterruptedException {
    server = ServerSpec.in(folder).start();
    grpc = server.grpc();
    http = server.api().replaceFirst("^http://", "").replaceFirst("/$", "");
  }

  @AfterAll
  static void stopServer() throws InterruptedException {
    server.stop();
  }

  @Test
  @Order(1)
  void createsAndListsANamespace() throws Exception {
    assertThat(shell("direkcli namespaces create demo"))
        .isEqualTo(new Result(0, "Created namespace: demo\n", ""));
    assertThat(shell("direkcli namespaces list"))
        .isEqualTo(new Result(0, "+------+\n| NAME |\n+------+\n| demo |\n+------+\n", ""));
  }

  @Test
  @Order(2)
  void createsAndRunsAWorkflow() throws Exception {
    Result result =
        shell(
            """
            cat > helloworld.yml <<- EOF
            id: helloworld
            states:
            - id: hello
              type: noop
              transform: '{ msg: ("Hello, " + .name + "!") }'
            EOF
            direkcli workflows create demo helloworld.yml
            cat > input.json <<- EOF
            {
              "name": "Alan"
            }
            EOF
            direkcli workflows execute demo helloworld --input=input.json
            """);
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .matches(
            "Created workflow 'helloworld'\n"
                + "Successfully invoked, Instance ID: demo/helloworld/[a-zA-Z]{6}\n");
    String id = result.out().strip().replaceAll("(?s).*: ", "");

    shell("direkcli instances logs --follow " + id);

    assertThat(shell("direkcli instances get " + id))
        .isEqualTo(
            new Result(
                0,
                """
                ID: %s
                Input: {
                  "name": "Alan"
                }
                Output: {"msg":"Hello, Alan!"}
                """
                    .formatted(id),
                ""));
  }

  @Test
  @Order(3)
  void printsJsonAndErrorsAndTakesPipes() throws Exception {
    assertThat(shell("direkcli namespaces create other --json").out())
        .isEqualTo("{\n    \"message\": \"Created namespace: other\",\n    \"success\": true\n}\n");
    assertThat(shell("direkcli namespaces create demo"))
        .isEqualTo(new Result(1, "", "[AlreadyExists] namespace 'demo' already exists\n"));
    assertThat(shell("direkcli workflows get demo absent"))
        .isEqualTo(new Result(1, "", "[NotFound] workflow 'demo/absent' does not exist\n"));
    assertThat(shell("direkcli workflows nope").code()).isEqualTo(2);
    assertThat(shell("direkcli --version").out()).matches("direkcli \\d+\\.\\d+\\.\\d+.*\n");
    assertThat(shell("direkcli --grpc 127.0.0.1:1 namespaces list").err())
        .startsWith("[Unavailable] no server listens at 127.0.0.1:1; ");
    assertThat(shell("direkcli instances list demo | head -n 1"))
        .satisfies(head -> {
          assertThat(head.out()).startsWith("+--");
          assertThat(head.err()).isEmpty();
        });
    assertThat(
            shell(
                "echo '{\"name\":\"Zoë\"}'"
                    + " | LC_ALL=C direkcli workflows execute demo helloworld --wait --input=-"))
        .isEqualTo(new Result(0, "{\"msg\":\"Hello, Zoë!\"}\n", ""));
    assertThat(
            shell("LC_ALL=C direkcli secrets create demo clé x && direkcli secrets list demo")
                .out())
        .contains("| clé    |\n");
  }

  @Test
  @Order(4)
  void endsAtOnceWhenInterruptedWhileItWaits() throws Exception {
    Result result =
        shell(
            """
            printf 'id: sleep\\nstates:\\n- id: a\\n  type: delay\\n  duration: PT1H\\n' \
              | direkcli workflows create demo - > created
            set -m
            env --default-signal=INT "$(command -v direkcli)" \\
              workflows execute demo sleep --wait 2> waiting &
            while ! direkcli instances list demo | grep -q 'demo/sleep/.*pending'; do :; done
            kill -INT $!
            wait $!
            """);

    assertThat(result.code()).isEqualTo(130);
    assertThat(result.out()).isEmpty();
    // Nothing when the interrupt came before the wait began, which no shell can tell.
    assertThat(Files.readString(folder.resolve("waiting")))
        .matches("(direkcli: demo/sleep/\\w+ goes on; see it with: direkcli instances get .*\n)?");
  }

  @Test
  @Order(5)
  void saysThatAnInstanceDidNotEndInTime() throws Exception {
    Result result =
        shell(
            """
            direkcli workflows execute demo sleep --wait --timeout=2
            """);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .matches(
            "\\[DeadlineExceeded\\] (demo/sleep/\\w+) did not end in time; wait longer with --timeout"
                + " SECONDS, or see it with: direkcli instances get \\1\n");
  }

  /// Every command of the README that ends, in its order, prints what the README says.
  @Test
  @Order(6)
  void printsWhatTheReadmeSays() throws Exception {
    shell("direkcli namespaces delete demo; cp -r " + HOME.resolve("examples") + " .");
    String id = "aqMeFX";
    int ran = 0;
    for (String block : blocks()) {
      for (String step : block.split("(?m)^\\$ ")) {
        boolean isOne = !step.isBlank() && !step.matches("(?s)./(direktiv server|dev check).*");
        if (isOne) {
          String command =
              step.lines().takeWhile(new Continued()).reduce("", (a, b) -> a + b + "\n");
          String expected = step.substring(Math.min(step.length(), command.length()));
          Result result = shell(command.replace("./", "").replace("aqMeFX", id));
          assertThat(result.code()).as(command + result.err()).isZero();
          if (expected.startsWith("Successfully invoked")) {
            id = result.out().strip().replaceAll(".*/", "");
          }
          if (!expected.isBlank()) {
            assertThat(result.out().strip()).isEqualTo(expected.strip().replace("aqMeFX", id));
          }
          ran++;
        }
      }
    }
    assertThat(ran).isEqualTo(8);
  }

  private static List<String> blocks() throws IOException {
    String readme = Files.readString(HOME.resolve("README.md")).replace("127.0.0.1:8080", http);
    return CONSOLE.matcher(readme).results().map(block -> block.group(1)).toList();
  }

  /// True for the first line and for those that go on where a line ended with a backslash.
  private static final class Continued implements Predicate<String> {
    private boolean goesOn = true;

    @Override
    public boolean test(String line) {
      boolean belongs = goesOn;
      goesOn = belongs && line.endsWith("\\");
      return belongs;
    }
  }

  /// Runs lines in a shell of an empty folder in which `direkcli` is a command.
  private static Result shell(String script) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    List<String> command = new ArrayList<>(List.of("bash", "-c", script));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("PATH", HOME + ":" + System.getenv("PATH"));
    builder.environment().put("DIREKTIV_GRPC", grpc);
    Process process =
        builder
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int code = process.waitFor();
    return new Result(code, Files.readString(out), Files.readString(err));
  }
}
