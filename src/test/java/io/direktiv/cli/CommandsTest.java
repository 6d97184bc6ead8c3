package io.direktiv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.api.AuthMode;
import io.direktiv.cli.CliFixture.Result;
import io.direktiv.execution.Execution;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every command against a server; lines and tables are those of reference 1.8.
@Timeout(60)
final class CommandsTest {
  private static final String HELLO =
      """
      id: helloworld
      states:
      - id: hello
        type: noop
        transform: '{ msg: ("Hello, " + .name + "!") }'
      """;
  private static final String SLEEP =
      """
      id: sleep
      states:
      - id: a
        type: delay
        duration: PT1H
      """;
  private static final String FAIL =
      """
      id: fail
      states:
      - id: a
        type: error
        error: my.code
        message: 'no %s here'
        args: [ .x ]
      """;

  @TempDir private Path folder;
  private CliFixture server;

  @BeforeEach
  void start() {
    server = new CliFixture(folder.resolve("data"), AuthMode.OFF);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void createsListsAndDeletesNamespaces() {
    assertPrints("No namespaces exist\n", "namespaces", "list");
    assertPrints("Created namespace: demo\n", "namespaces", "create", "demo");
    assertPrints("+------+\n| NAME |\n+------+\n| demo |\n+------+\n", "namespaces", "list");
    assertFails("[AlreadyExists] namespace 'demo' already exists", "namespaces", "create", "demo");
    assertPrints("Deleted namespace: demo\n", "namespaces", "delete", "demo");
    assertFails("[NotFound] namespace 'demo' does not exist", "namespaces", "delete", "demo");
  }

  @Test
  void listsParts() {
    for (String name : List.of("aaa", "bbb", "ccc")) {
      server.run("namespaces", "create", name);
    }

    assertThat(server.run("namespaces", "list", "--offset=1", "--limit=1").out())
        .contains("bbb")
        .doesNotContain("aaa", "ccc");
  }

  @Test
  void sendsEvents() {
    server.run("namespaces", "create", "demo");
    String event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}";

    assertThat(server.runWith(event, "namespaces", "send", "demo", "-"))
        .isEqualTo(new Result(0, "Successfully sent event to 'demo'\n", ""));
    assertFails("[InvalidArgument] invalid cloudevent: ", "namespaces", "send", "demo", file("{}"));
  }

  @Test
  void createsChangesAndDeletesWorkflows() {
    server.run("namespaces", "create", "demo");
    assertPrints("No workflows exist under 'demo'\n", "workflows", "list", "demo");
    assertPrints("Created workflow 'helloworld'\n", "workflows", "create", "demo", file(HELLO));
    assertPrints(
        """
        +------------+
        |     ID     |
        +------------+
        | helloworld |
        +------------+
        """,
        "workflows",
        "list",
        "demo");
    assertPrints(HELLO, "workflows", "get", "demo", "helloworld");
    assertPrints("Disabled workflow 'helloworld'\n", "workflows", "toggle", "demo", "helloworld");
    assertFails(
        "[InvalidArgument] workflow is inactive", "workflows", "execute", "demo", "helloworld");
    assertPrints("Enabled workflow 'helloworld'\n", "workflows", "toggle", "demo", "helloworld");
    String changed = HELLO + "# 100 % changed, ümlaut\n";
    assertPrints(
        "Successfully updated 'helloworld'\n",
        "workflows",
        "update",
        "demo",
        "helloworld",
        file(changed));
    assertPrints(changed, "workflows", "get", "demo", "helloworld");
    assertPrints("Deleted workflow 'helloworld'\n", "workflows", "delete", "demo", "helloworld");
    assertFails(
        "[NotFound] workflow 'demo/helloworld' does not exist",
        "workflows",
        "get",
        "demo",
        "helloworld");
  }

  @Test
  void refusesAnUpdateOfAnotherRevision() {
    create(HELLO);
    String file = file(HELLO);

    assertPrints(
        "Successfully updated 'helloworld'\n",
        "workflows",
        "update",
        "demo",
        "helloworld",
        file,
        "--revision=0");
    assertFails(
        "[AlreadyExists] workflow 'helloworld' the workflow has already been updated",
        "workflows",
        "update",
        "demo",
        "helloworld",
        file,
        "--revision=0");
  }

  @Test
  void refusesBadWorkflowsWithAllTheirProblems() {
    server.run("namespaces", "create", "demo");

    Result result =
        server.runWith(
            "id: x\nstates:\n- id: a\n  type: nop\n", "workflows", "create", "demo", "-");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("[InvalidArgument] bad workflow definition: ");
  }

  @Test
  void startsInstancesAndShowsThem() {
    create(HELLO);

    Result started =
        server.run(
            "workflows", "execute", "demo", "helloworld", "--input=" + file("{\"name\":\"Alan\"}"));

    assertThat(started.err()).isEmpty();
    assertThat(started.out())
        .matches("Successfully invoked, Instance ID: demo/helloworld/[a-zA-Z]{6}\n");
    String id = started.out().replaceAll(".*: |\n", "");
    server.run("instances", "logs", "--follow", id);
    assertPrints(
        "ID: " + id + "\nInput: {\n  \"name\": \"Alan\"\n}\nOutput: {\"msg\":\"Hello, Alan!\"}\n",
        "instances",
        "get",
        id);
    assertPrints(
        """
        +------------------------+----------+
        |           ID           |  STATUS  |
        +------------------------+----------+
        | %s | complete |
        +------------------------+----------+
        """
            .formatted(id),
        "instances",
        "list",
        "demo");
    assertThat(server.run("instances", "get", id, "--details").out())
        .contains("\nStatus: complete\n", "\nRevision: 0\n", "\nStates: hello\n");
    assertPrints("No instances exist under 'other'\n", "instances", "list", "other");
    assertFails(
        "[NotFound] instance 'demo/helloworld/zzzzzz' does not exist",
        "instances",
        "get",
        "demo/helloworld/zzzzzz");
  }

  @Test
  void printsTheLogToItsEnd() {
    create(HELLO);
    String id = start("helloworld");

    Result followed = server.run("instances", "logs", "--follow", id);

    assertThat(followed.code()).isZero();
    assertThat(followed.out())
        .startsWith("Beginning workflow triggered by API.\n")
        .endsWith("Workflow completed.\n");
    assertPrints(followed.out(), "instances", "logs", id);
  }

  @Test
  void waitsForTheOutput() {
    create(HELLO);

    assertThat(
            server.runWith(
                "{\"name\":\"Zoë\"}",
                "workflows",
                "execute",
                "demo",
                "helloworld",
                "--wait",
                "--input",
                "-"))
        .isEqualTo(new Result(0, "{\"msg\":\"Hello, Zoë!\"}\n", ""));
  }

  @Test
  void printsTheErrorOfAnInstanceThatFailed() {
    create(FAIL);

    Result result =
        server.runWith(
            "{\"x\":\"100%\"}", "workflows", "execute", "demo", "fail", "--wait", "--input=-");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("[my.code] no 100% here\n");
  }

  @Test
  void startsOnceForOneIdempotencyKey() {
    create(HELLO);

    String first = started("--idempotency-key=k1");
    String again = started("--idempotency-key=k1");
    String other = started("--idempotency-key=k2");

    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  private String started(String option) {
    return server.run("workflows", "execute", "demo", "helloworld", option).out();
  }

  @Test
  void startsScheduledWorkflowsByHandOnlyWhenAskedTo() {
    create(
        "id: cron\nstart:\n  type: scheduled\n  cron: '0 0 1 1 *'\nstates:\n- id: a\n  type: noop\n");

    assertThat(server.run("workflows", "execute", "demo", "cron").err())
        .startsWith("[FailedPrecondition] ");
    assertThat(server.run("workflows", "execute", "demo", "cron", "--manual").out())
        .startsWith("Successfully invoked, Instance ID: demo/cron/");
  }

  @Test
  void cancelsAnInstanceForWhichSomebodyWaits() throws Exception {
    create(SLEEP);
    CompletableFuture<Result> waiter = new CompletableFuture<>();
    String id = startAndWait("sleep", waiter);

    assertPrints("Cancelled instance '" + id + "'\n", "instances", "cancel", id, "--reason=enough");

    Result waited = waiter.get(30, TimeUnit.SECONDS);
    assertThat(waited.code()).isEqualTo(1);
    assertThat(waited.err()).isEqualTo("[direktiv.cancels.api] enough\n");
    assertPrints("Instance '" + id + "' had ended\n", "instances", "cancel", id);
    assertThat(server.run("instances", "get", id, "--details").out())
        .contains("\nStatus: cancelled\nError: [direktiv.cancels.api] enough\n");
  }

  @Test
  void goesOnWaitingWhenTheServerIsStartedAgain() throws Exception {
    create(SLEEP);
    CompletableFuture<Result> waiter = new CompletableFuture<>();
    String id = startAndWait("sleep", waiter);

    server.reopenDoor();

    server.run("instances", "cancel", id);
    assertThat(waiter.get(30, TimeUnit.SECONDS).err()).startsWith("[direktiv.cancels.api] ");
  }

  /// Begins to wait for a new instance and returns its id.
  private String startAndWait(String workflow, CompletableFuture<Result> waiter) throws Exception {
    CompletableFuture<String> begun = new CompletableFuture<>();
    try (Execution.Watch _ =
        server.parts().api().watch("demo", change -> begun.complete(change.id().toString()))) {
      waiter.completeAsync(() -> server.run("workflows", "execute", "demo", workflow, "--wait"));
      return begun.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void keepsSecretsAndRegistries() {
    server.run("namespaces", "create", "demo");
    assertPrints("No secrets exist under 'demo'\n", "secrets", "list", "demo");
    assertPrints(
        "Successfully create secret 'KEY'.\n", "secrets", "create", "demo", "KEY", "@value");
    assertFails(
        "[AlreadyExists] secret 'KEY' already exists", "secrets", "create", "demo", "KEY", "x");
    assertPrints(
        "+--------+\n| SECRET |\n+--------+\n| KEY    |\n+--------+\n", "secrets", "list", "demo");
    assertPrints("Successfully removed secret 'KEY'.\n", "secrets", "delete", "demo", "KEY");
    assertPrints("No registries exist under 'demo'\n", "registries", "list", "demo");
    assertThat(
            server.runWith(
                "me:token\n", "registries", "create", "demo", "docker.io", "--from-file=-"))
        .isEqualTo(new Result(0, "Successfully created registry 'docker.io'.\n", ""));
    assertPrints(
        """
        +-----------+
        | REGISTRY  |
        +-----------+
        | docker.io |
        +-----------+
        """,
        "registries",
        "list",
        "demo");
    assertPrints(
        "Successfully removed registry 'docker.io'.\n",
        "registries",
        "delete",
        "demo",
        "docker.io");
  }

  @Test
  void wantsOneValueForASecret() {
    Result none = server.run("secrets", "create", "demo", "KEY");
    Result two = server.run("secrets", "create", "demo", "KEY", "v", "--from-file=f");

    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("--from-file=FILE");
    assertThat(two.code()).isEqualTo(2);
  }

  @Test
  void printsProblemsLikeACompiler() {
    String file = file("id: xyz\nstates:\n- id: a\n  type: noop\n  transition: b\n");

    Result result = server.run("workflows", "validate", file);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).startsWith(file + ":5:15: error: ").contains("  transition: b\n");
    assertThat(result.out().lines().toList().get(2)).isEqualTo("  " + " ".repeat(14) + "^");
    assertThat(result.out()).endsWith("1 file, 1 error, 0 warnings\n");
    assertPrints("1 file, 0 errors, 0 warnings\n", "workflows", "validate", file(HELLO));
    JsonObject json =
        (JsonObject) Json.parse(server.run("--json", "workflows", "validate", file).out());
    JsonObject first = (JsonObject) ((JsonArray) json.get("list")).get(0);
    assertThat(first.get("line")).isEqualTo(Json.of(5));
    assertThat(first.get("severity")).isEqualTo(Json.of("error"));
  }

  @Test
  void printsJsonInTheShapesOfTheOriginal() {
    assertPrints("{}\n", "namespaces", "list", "--json");
    assertPrints(
        """
        {
            "message": "Created namespace: demo",
            "success": true
        }
        """,
        "--json",
        "namespaces",
        "create",
        "demo");
    server.runWith(HELLO, "workflows", "create", "demo", "-");
    assertThat(server.run("--json", "namespaces", "list").out())
        .matches(
            "(?s)\\{\n {4}\"list\": \\[\n {8}\\{\n {12}\"name\": \"demo\",\n"
                + " {12}\"createdAt\": \\{\n {16}\"seconds\": \\d+.*");
    JsonObject workflow =
        (JsonObject)
            Json.parse(server.run("workflows", "get", "demo", "helloworld", "--json").out());
    assertThat(workflow.keys())
        .containsExactly(
            "uid",
            "id",
            "revision",
            "active",
            "createdAt",
            "description",
            "workflow",
            "logToEvents");
    assertThat(workflow.get("workflow"))
        .isEqualTo(
            Json.of(Base64.getEncoder().encodeToString(HELLO.getBytes(StandardCharsets.UTF_8))));
    JsonObject waited =
        (JsonObject)
            Json.parse(
                server
                    .runWith(
                        "{\"name\":\"A\"}",
                        "workflows",
                        "execute",
                        "demo",
                        "helloworld",
                        "--wait",
                        "--json",
                        "--input=-")
                    .out());
    assertThat(waited.get("status")).isEqualTo(Json.of("complete"));
    assertThat(waited.get("output")).isEqualTo(Json.parse("{\"msg\":\"Hello, A!\"}"));
  }

  @Test
  void printsErrorsAsJson() {
    JsonObject refused =
        (JsonObject) Json.parse(server.run("--json", "namespaces", "delete", "zzz").err());
    JsonObject absent =
        (JsonObject) Json.parse(server.run("--json", "workflows", "create", "zzz", "no.yml").err());

    assertThat(refused)
        .isEqualTo(
            Json.parse(
                "{\"code\":\"NotFound\",\"message\":\"namespace 'zzz' does not exist\","
                    + "\"success\":false}"));
    assertThat(absent.has("code")).isFalse();
    assertThat(absent.get("message").toString()).contains("no.yml does not exist");
  }

  @Test
  void namesTheInstanceThatIsNotThereOnce() {
    String message = "[NotFound] instance 'demo/a/AAAAAA' does not exist\n";

    assertThat(server.run("instances", "logs", "demo/a/AAAAAA"))
        .isEqualTo(new Result(1, "", message));
    assertThat(server.run("instances", "logs", "--follow", "demo/a/AAAAAA"))
        .isEqualTo(new Result(1, "", message));
  }

  @Test
  void saysWhoCallsFromOptionFileOrEnvironment() throws IOException {
    server.close();
    server = new CliFixture(folder.resolve("guarded"), AuthMode.TOKENS);
    Path file = folder.resolve("token");
    Files.writeString(file, "dk_wrong\n");

    for (Result result :
        List.of(
            server.run("namespaces", "list"),
            server.run("namespaces", "list", "--token=dk_wrong"),
            server.run("namespaces", "list", "--token-file=" + file),
            server.run("--token", "two\nlines", "namespaces", "list"))) {
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).startsWith("[Unauthenticated] ").doesNotContain("dk_wrong");
    }
  }

  @Test
  void saysWhatIsWrongWithFilesAndAddresses() throws IOException {
    assertFails(
        "direkcli: the workflow file nowhere.yml does not exist; give the path",
        "workflows",
        "create",
        "demo",
        "nowhere.yml");
    assertFails(
        "direkcli: the workflow file " + folder + " cannot be read: it is a folder",
        "workflows",
        "create",
        "demo",
        folder.toString());
    Result bad = server.run("--grpc", "host:port", "namespaces", "list");
    assertThat(bad.code()).isEqualTo(2);
    assertThat(bad.err())
        .isEqualTo("direkcli: \"host:port\" is no HOST:PORT; write for example 127.0.0.1:6666\n");
    Result time = server.run("namespaces", "list", "--timeout=0");
    assertThat(time.err()).contains("--timeout");
  }

  @Test
  void endsQuietlyWhenNobodyReadsTheOutput() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };

    Result result = server.runInto(closed, "", "namespaces", "list");

    assertThat(result).isEqualTo(new Result(141, "", ""));
  }

  @Test
  void stopsFollowingWhenNobodyReadsTheOutput() throws Exception {
    create(SLEEP);
    String id = start("sleep");
    CountDownLatch written = new CountDownLatch(1);
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            written.countDown();
            throw new IOException("Broken pipe");
          }
        };

    Result result = server.runInto(closed, "", "instances", "logs", "-f", id);

    assertThat(written.getCount()).isZero();
    assertThat(result.code()).isEqualTo(141);
  }

  private void create(String workflow) {
    server.run("namespaces", "create", "demo");
    Result created = server.runWith(workflow, "workflows", "create", "demo", "-");
    assertThat(created.err()).isEmpty();
  }

  private String start(String workflow) {
    return server.run("workflows", "execute", "demo", workflow).out().replaceAll(".*: |\n", "");
  }

  private String file(String content) {
    try {
      Path file = Files.createTempFile(folder, "file", ".yml");
      return Files.writeString(file, content).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertPrints(String out, String... args) {
    assertThat(server.run(args)).isEqualTo(new Result(0, out, ""));
  }

  private void assertFails(String err, String... args) {
    Result result = server.run(args);
    assertThat(result.err()).startsWith(err);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
  }
}
