package io.direktiv.bench;

import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.Status;
import io.direktiv.engine.Step;
import io.direktiv.engine.Wake;
import io.direktiv.engine.logic.Engine;
import io.direktiv.json.Json;
import io.direktiv.model.InvalidWorkflowException;
import io.direktiv.model.Workflow;
import io.direktiv.model.WorkflowReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Measures the step function alone: states per second on one thread, with history and logs.
final class EngineBench {
  private static final int ROUNDS = 7;

  private static final String NOOPS =
      """
      id: noops
      states:
      - { id: a, type: noop, transition: b }
      - { id: b, type: noop, transition: c }
      - { id: c, type: noop }
      """;

  /// A switch, a transform and a validation: the mix of settled.md, section Proof.
  private static final String MIX =
      """
      id: order
      states:
      - id: route
        type: switch
        conditions:
        - condition: .total > 100
          transition: price
        defaultTransition: price
      - id: price
        type: noop
        transform: '{ id, customer, total: (.total * 1.19), lines: (.lines | length) }'
        transition: check
      - id: check
        type: validate
        schema:
          type: object
          required: [id, total]
          properties:
            id: { type: string }
            total: { type: number, minimum: 0 }
      """;

  private static final String INPUT =
      """
      {"id":"o-17","customer":{"name":"Ada","email":"ada@example.com"},"total":120,
       "lines":[{"sku":"a","n":1},{"sku":"b","n":2},{"sku":"c","n":3}]}
      """;

  private EngineBench() {}

  static void run(Options options) throws IOException, InvalidWorkflowException {
    Duration round = options.duration().orElse(Duration.ofSeconds(3));
    Report report =
        new Report(
            "Engine",
            "The engine alone",
            "One thread decides whole instances from begin to end, with history and logs on and no"
                + " store: "
                + ROUNDS
                + " rounds of "
                + round.toSeconds()
                + " s after one to warm up.");
    report.head("workflow", "states per second: median", "min", "max", "target");
    measure(report, "three noops", NOOPS, "", round);
    measure(report, "switch, transform, validate", MIX, "≥ 300,000", round);
    report.write();
  }

  private static void measure(
      Report report, String name, String source, String target, Duration round)
      throws InvalidWorkflowException {
    Workflow workflow = WorkflowReader.read(source).orThrow();
    Json input = Json.parse(INPUT);
    double[] rates = new double[ROUNDS];
    round(workflow, input, round);
    for (int i = 0; i < ROUNDS; i++) {
      rates[i] = round(workflow, input, round);
    }
    Sample sample = Sample.of(rates);
    report.row(name, sample.median(), sample.min(), sample.max(), target);
  }

  /// States per second.
  private static double round(Workflow workflow, Json input, Duration duration) {
    Engine engine = new Engine(EngineSettings.DEFAULT);
    InstanceId id = new InstanceId("bench", workflow.id(), "abcdef");
    Instant at = Instant.EPOCH;
    long start = System.nanoTime();
    long end = start + duration.toNanos();
    long states = 0;
    while (System.nanoTime() < end) {
      for (int i = 0; i < 100; i++) {
        Instance begun = engine.begin(id, "uid", 0, new Invoker.Api(), input, at);
        Step step =
            engine
                .step(workflow, begun, new Wake.Continued(at), (_, _) -> Optional.empty())
                .orElseThrow();
        if (step.instance().status() != Status.COMPLETE) {
          throw new IllegalStateException("the workflow did not complete: " + step.instance());
        }
        states += step.instance().step();
      }
    }
    return states * 1e9 / (System.nanoTime() - start);
  }
}
