package io.direktiv.bench;

import io.direktiv.functions.docker.DockerEngine;
import io.direktiv.functions.docker.PodmanEngine;
import io.direktiv.functions.docker.TestEngine;
import io.direktiv.functions.docker.TestImage;
import io.direktiv.functions.docker.TestRegistry;
import io.direktiv.shipped.ServerSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.opentest4j.TestAbortedException;

/// Measures what an action costs beside what a shell needs for the same sandbox.
final class FunctionsBench {
  private static final int RUNS = 60;
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final int ENGINE_RUNS = 20;
  private static final int AT_ONCE = 16;
  private static final int LEAK_ACTIONS = 1_000;
  private static final String INPUT = "{\"name\":\"Alan\"}";
  private static final String SCRIPT = "cat /direktiv-data/data.in > /direktiv-data/data.out";

  /// Holds a sandbox long enough to take its bundle.
  static final String HOLD = "sleep 30; true";

  private static final String WORKFLOW =
      """
      id: %1$s
      functions:
      - id: f
        image: %2$s
        cmd: '%3$s'
      states:
      - id: call
        type: action
        action: { function: f, input: . }
        transform: .return
      """;

  private static final int THAWED_RUNS = 10;
  private static final Duration FREEZE = Duration.ofMillis(1_500);
  private static final String WARM_WORKFLOW =
      """
      id: serves
      functions:
      - id: f
        image: %1$s
        contract: http
        cmd: '%2$s'
      states:
      - id: call
        type: action
        action: { function: f, input: . }
        transform: .return
      """;

  private final Report report;
  private final Duration duration;
  private final TestImage image = TestImage.shell("bench:v1", SCRIPT);

  private FunctionsBench(Report report, Duration duration) {
    this.report = report;
    this.duration = duration;
  }

  static void run(Options options) throws Exception {
    Duration duration = options.duration().orElse(Duration.ofSeconds(20));
    Report report =
        new Report(
            "Functions",
            "What an action costs",
            "A workflow of one action whose function, a busybox, copies its input to its output;"
                + " started over HTTP and waited for, with network `egress`. The shell makes the"
                + " same sandboxes from the server's own bundle: an overlay, the network by a hook,"
                + " the control group by `runc`. Medians of "
                + RUNS
                + " runs one after the other; throughput over "
                + duration.toSeconds()
                + " s with "
                + AT_ONCE
                + " at a time. Calls of prepared sandboxes come "
                + PAUSE.toMillis()
                + " ms apart, so that the next one is ready, as the shell's are before it looks at"
                + " its watch. The function that listens is busybox's httpd with a shell script that"
                + " copies its input; it is asked through the workflow and, in turn with that,"
                + " directly at its port from within its network.");
    new FunctionsBench(report, duration).measure();
    report.write();
  }

  private void measure() throws Exception {
    report.head("what", "direktiv", "shell", "ratio", "target");
    try (TestRegistry registry = new TestRegistry(image, "user", "password")) {
      String name = registry.host() + "/there/bench:v1";
      try (BenchServer server = server(Map.of("DIREKTIV_FUNCTIONS_PREPARED", "0"))) {
        prepare(server, name, registry.host());
        cold(server);
      }
      try (BenchServer server = server(Map.of())) {
        prepare(server, name, registry.host());
        String leaks = leaks(server);
        prepared(server);
        warm(server, name);
        report.line("");
        report.line(leaks);
      }
    }
    report.line("");
    report.line(
        "How it came to this, and what did not help, tells"
            + " [a decision](../decisions/sandboxes-without-programs.md).");
    report.line("");
    report.head("side by side", "one action, ms", AT_ONCE + " at a time, per second");
    engine("Podman, through its API", PodmanEngine::start);
    engine("dockerd, through its API", DockerEngine::start);
  }

  private static BenchServer server(Map<String, String> more) throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("DIREKTIV_ISOLATION", "oci");
    return start(environment);
  }

  private static BenchServer start(Map<String, String> environment) throws Exception {
    Path folder = BenchServer.newFolder();
    Map<String, String> all = new HashMap<>(environment);
    all.put("DIREKTIV_IMAGES_FOLDER", folder.resolve("images").toString());
    return BenchServer.start(ServerSpec.in(folder).withEnvironment(all));
  }

  private static void prepare(BenchServer server, String image, String registry) throws Exception {
    server.send("POST", "/api/v2/namespaces", "application/json", "{\"name\":\"bench\"}");
    server.send(
        "PUT",
        "/api/v2/namespaces/bench/registries",
        "application/json",
        "{\"url\":\"" + registry + "\",\"user\":\"user\",\"password\":\"password\"}");
    create(server, "copies", image, SCRIPT);
    create(server, "holds", image, HOLD);
    load(server).run(2, Duration.ofSeconds(5));
  }

  private static void create(BenchServer server, String id, String image, String command)
      throws Exception {
    send(server, WORKFLOW.formatted(id, image, command));
  }

  private static void send(BenchServer server, String workflow) throws Exception {
    server.send("POST", "/api/v2/namespaces/bench/workflows", "application/yaml", workflow);
  }

  private static Load load(BenchServer server) {
    return load(server, "copies");
  }

  private static Load load(BenchServer server, String workflow) {
    String path =
        "/api/v2/namespaces/bench/instances?workflow=" + workflow + "&wait=true&output=true";
    return new Load(server.httpPort(), path, INPUT, "Alan");
  }

  private void cold(BenchServer server) throws Exception {
    server.send(
        "POST", "/api/v2/namespaces/bench/instances?workflow=holds", "application/json", "{}");
    try (ShellSandboxes shell = ShellSandboxes.ofHeld(HOLD, SCRIPT, INPUT)) {
      Sample plain = shell.run(RUNS);
      Sample ours = load(server).runs(RUNS);
      row("one action, cold sandbox, ms", ours.median(), plain.median(), "≤ 2");
      double shellPerSecond = shell.perSecond(AT_ONCE, duration);
      double perSecond = load(server).run(AT_ONCE, duration).perSecond();
      row(AT_ONCE + " at a time, actions per second", perSecond, shellPerSecond, "≥ 0.8");
    }
  }

  private void prepared(BenchServer server) throws Exception {
    server.send(
        "POST", "/api/v2/namespaces/bench/instances?workflow=holds", "application/json", "{}");
    try (ShellSandboxes shell = ShellSandboxes.ofHeld(HOLD, SCRIPT, INPUT)) {
      Sample plain = shell.startPrepared(RUNS);
      Sample ours = load(server).runs(RUNS, PAUSE);
      row("one action, prepared sandbox, ms", ours.median(), plain.median(), "≤ 1.5");
    }
  }

  /// A function that listens, beside requests to it from within its own network.
  private void warm(BenchServer server, String image) throws Exception {
    send(server, WARM_WORKFLOW.formatted(image, WarmFunction.COMMAND));
    Load load = load(server, "serves");
    load.runs(3);
    try (WarmFunction function = WarmFunction.running()) {
      List<Double> direct = new ArrayList<>();
      List<Double> ours = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        direct.add(function.millis(INPUT, "Alan"));
        ours.add(load.runs(1).median());
      }
      more("warm http function, one request, ms", Sample.of(ours), Sample.of(direct), "≤ +10 ms");
      Sample thawed = load.runs(THAWED_RUNS, FREEZE);
      more("the same, frozen before each, ms", thawed, Sample.of(direct), "");
    }
  }

  private void more(String what, Sample ours, Sample direct, String target) {
    double difference = ours.median() - direct.median();
    report.row(
        what,
        ours.median(),
        Report.number(direct.median()) + " direct",
        "+" + Report.number(difference) + " ms",
        target);
  }

  private static String leaks(BenchServer server) throws Exception {
    load(server).times(AT_ONCE, 5 * AT_ONCE);
    MachineState before = MachineState.settled();
    double residentBefore = server.residentMiB();
    load(server).times(AT_ONCE, LEAK_ACTIONS);
    MachineState after = MachineState.settled();
    return LEAK_ACTIONS
        + " actions later: "
        + after.since(before)
        + "; resident memory from "
        + Report.number(residentBefore)
        + " to "
        + Report.number(server.residentMiB())
        + " MiB.";
  }

  private void row(String what, double ours, double plain, String target) {
    report.row(what, ours, plain, ours / plain, target);
  }

  private void engine(String what, Supplier<TestEngine> starting) throws Exception {
    try (TestEngine engine = starting.get()) {
      engine.load(image);
      Map<String, String> environment = new HashMap<>(engine.environment());
      environment.put("DIREKTIV_ISOLATION", "docker");
      environment.put("DIREKTIV_FUNCTIONS_NETWORK", "none");
      try (BenchServer server = start(environment)) {
        server.send("POST", "/api/v2/namespaces", "application/json", "{\"name\":\"bench\"}");
        create(server, "copies", image.name(), SCRIPT);
        load(server).runs(3);
        report.row(
            what,
            load(server).runs(ENGINE_RUNS).median(),
            load(server).run(AT_ONCE, duration).perSecond());
      }
    } catch (TestAbortedException e) {
      report.row(what, "not here: " + e.getMessage(), "");
    }
  }
}
