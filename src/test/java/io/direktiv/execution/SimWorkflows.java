package io.direktiv.execution;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// Draws workflows whose outcome depends on nothing but their input: whatever happens to the
/// servers, the final data must be the same.
final class SimWorkflows {
  private static final String FUNCTIONS =
      """
      functions:
      - { id: double, image: sim/double }
      - { id: flaky, image: sim/flaky }
      """;

  private final Random random;

  SimWorkflows(Random random) {
    this.random = random;
  }

  /// Workflows by id: `main0` to `main2` are started, `child0` and `child1` are subflows, `sink`
  /// starts for each event of the type `side`, `tick` once a minute.
  Map<String, String> draw() {
    Map<String, String> workflows = new LinkedHashMap<>();
    workflows.put("child0", workflow("child0", 1 + random.nextInt(3), 0));
    workflows.put("child1", workflow("child1", 1 + random.nextInt(3), 1));
    for (int i = 0; i < 3; i++) {
      workflows.put("main" + i, workflow("main" + i, 2 + random.nextInt(6), 2));
    }
    workflows.put(
        "sink",
        """
        id: sink
        start: { type: event, state: take, event: { type: side } }
        states:
        - { id: take, type: noop }
        """);
    workflows.put(
        "tick",
        """
        id: tick
        start: { type: scheduled, state: tock, cron: '* * * * *' }
        states:
        - { id: tock, type: noop }
        """);
    return workflows;
  }

  private String workflow(String id, int states, int children) {
    StringBuilder yaml = new StringBuilder("id: " + id + "\n");
    if (random.nextInt(4) == 0) {
      yaml.append("timeouts: { interrupt: P20D, kill: P30D }\n");
    }
    yaml.append(FUNCTIONS).append("states:\n");
    for (int i = 0; i < states; i++) {
      String next = i + 1 < states ? "s" + (i + 1) : "last";
      yaml.append(state("s" + i, next, children));
    }
    if (children < 2 && random.nextInt(4) == 0) {
      yaml.append(
          "- { id: last, type: error, error: sim.raised, message: 'n is %v', args: [.n] }\n");
    } else {
      yaml.append("- { id: last, type: noop, transform: '{n: (.n % 1000003)}' }\n");
    }
    return yaml.toString();
  }

  private String target(int children) {
    int kinds = 2 + children;
    return switch (random.nextInt(kinds)) {
      case 0, 1 -> "function: double, input: '{n: .n}'";
      case 2 -> "workflow: child0, input: '{n: .n}'";
      default -> "workflow: child1, input: '{n: .n}'";
    };
  }

  private String state(String id, String next, int children) {
    String head = "- id: " + id + "\n  transition: " + next + "\n";
    return switch (random.nextInt(18)) {
      case 0 -> head + "  type: noop\n  transform: '{n: ((.n * 31 + 7) % 1000003)}'\n";
      case 1 -> choice(id, next);
      case 2, 3 -> head + action(target(children));
      case 4 ->
          head
              + "  type: action\n  action: { function: flaky, input: '{n: .n}' }\n"
              + "  retries: { maxAttempts: 3, delay: PT2S, codes: ['sim.*'] }\n"
              + caught(next)
              + "  transform: '{n: (.return.n)}'\n";
      case 5 -> head + "  type: action\n  async: true\n  action: { " + target(children) + " }\n";
      case 6, 7 ->
          head
              + "  type: foreach\n  array: '[range(0; (.n % 4) + 1) as $i | {n: (.n + $i)}]'\n"
              + "  action: { "
              + target(children)
              + " }\n"
              + caught(next)
              + (random.nextBoolean() ? "  concurrency: 2\n" : "")
              + "  transform: '{n: ([.return[].n] | add)}'\n";
      case 8 ->
          head
              + "  type: parallel\n  mode: "
              + (random.nextInt(3) == 0 ? "or" : "and")
              + "\n  actions: [ { function: double, input: '{n: .n}' }, { "
              + target(children)
              + " } ]\n"
              + caught(next)
              + "  transform: '{n: (.n + 3)}'\n";
      case 9 -> head + "  type: delay\n  duration: PT" + (1 + random.nextInt(120)) + "S\n";
      case 10 ->
          head
              + "  type: validate\n  subject: .n\n  schema: { type: number, multipleOf: 2 }\n"
              + caught(next);
      case 11 ->
          head
              + "  type: consumeEvent\n  event: { type: go-0 }\n"
              + "  transform: '{n: (.n + .[\"go-0\"].v)}'\n";
      case 12 ->
          head + "  type: consumeEvent\n  event: { type: never }\n  timeout: PT2M\n" + caught(next);
      case 13 ->
          head
              + "  type: eventAnd\n  events: [ { event: { type: go-0 } }, { event: { type: go-1 } } ]\n"
              + "  transform: '{n: (.n + .[\"go-0\"].v + .[\"go-1\"].v)}'\n";
      case 14 ->
          head
              + "  type: generateEvent\n"
              + "  event: { type: side, source: sim, data: '{n: .n}' }\n";
      case 15 ->
          "- id: %1$s\n  type: setter\n  transition: %1$sget\n  variables: [ { key: x, scope: instance, value: '.n + 1' } ]\n"
                  .formatted(id)
              + "- id: %sget\n  type: getter\n  transition: %s\n  variables: [ { key: x, scope: instance } ]\n  transform: '{n: .var.x}'\n"
                  .formatted(id, next);
      case 16 -> shared(id, next, random.nextBoolean() ? "namespace" : "workflow");
      default ->
          "- id: %s\n  type: eventXor\n  events: [ { event: { type: go-1 }, transform: '{n: (.n + 11)}', transition: %s }, { event: { type: never } } ]\n"
              .formatted(id, next);
    };
  }

  /// Sets a variable that other instances set too, always to the same, and reads it.
  private static String shared(String id, String next, String scope) {
    return """
    - id: %1$s
      type: setter
      transition: %1$sget
      variables: [ { key: shared, scope: %3$s, value: '4' } ]
    - id: %1$sget
      type: getter
      transition: %2$s
      variables: [ { key: shared, scope: %3$s } ]
      transform: '{n: (.n * .var.shared)}'
    """
        .formatted(id, next, scope);
  }

  private static String choice(String id, String next) {
    return "- id: %s\n  type: switch\n  conditions: [ { condition: '.n %% 2 == 0', transform: '{n: (.n + 1)}', transition: %s } ]\n  defaultTransition: last\n"
        .formatted(id, next);
  }

  private static String action(String target) {
    return "  type: action\n  action: { "
        + target
        + " }\n  transform: '{n: (.return.n)}'\n"
        + "  catch: [ { error: 'sim.*', transition: last } ]\n";
  }

  private static String caught(String next) {
    return "  catch: [ { error: '*', transition: " + next + " } ]\n";
  }
}
