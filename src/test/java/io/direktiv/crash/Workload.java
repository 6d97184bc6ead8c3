package io.direktiv.crash;

import io.direktiv.functions.docker.TestImage;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.util.List;
import java.util.Random;

/// What a crash run starts, and what must come out: each kind is a workflow that gets `{"n": n}`.
enum Workload {
  PURE(
      """
      id: pure
      states:
      - {id: one, type: noop, transform: '{n: .n, out: (.n + 1)}', transition: two}
      - {id: two, type: noop, transform: '{out: .out}'}
      """) {
    @Override
    long out(long n) {
      return n + 1;
    }
  },
  SUBFLOW(
      """
      id: subflow
      states:
      - id: call
        type: action
        action: {workflow: child, input: '{n: .n}'}
        transform: '{out: (.return.out + 1)}'
      """) {
    @Override
    long out(long n) {
      return 2 * n + 1;
    }
  },
  FOREACH(
      """
      id: foreach
      states:
      - id: call
        type: foreach
        array: '[.n as $n | range(5) | {n: ($n + .)}]'
        action: {workflow: child, input: '{n: .n}'}
        transform: '{out: (.return | map(.out) | add)}'
      """) {
    @Override
    long out(long n) {
      return 10 * n + 20;
    }
  },
  RETRY(
      """
      id: retry
      states:
      - id: call
        type: action
        action: {workflow: failing, input: '{n: .n}'}
        catch:
        - error: crash.test
          retry: {maxAttempts: 3, delay: PT1S}
          transition: caught
      - {id: caught, type: noop, transform: '{out: .n}'}
      """) {
    @Override
    long out(long n) {
      return n;
    }
  },
  DELAY(
      """
      id: delay
      states:
      - {id: sleep, type: delay, duration: PT1S, transition: end}
      - {id: end, type: noop, transform: '{out: (.n + 2)}'}
      """) {
    @Override
    long out(long n) {
      return n + 2;
    }
  },
  EVENT(
      """
      id: event
      states:
      - id: await
        type: consumeEvent
        event: {type: crash.go, context: {key: '{{ "k" + (.n | tostring) }}'}}
        transform: '{out: .["crash.go"].v}'
      """) {
    @Override
    long out(long n) {
      return 3 * n;
    }
  },
  EMIT(
      """
      id: emit
      states:
      - id: send
        type: generateEvent
        event: {type: crash.done, source: crash, data: '{n: .n}'}
        transition: end
      - {id: end, type: noop, transform: '{out: .n}'}
      """) {
    @Override
    long out(long n) {
      return n;
    }
  },
  VARIABLE(
      """
      id: variable
      states:
      - id: put
        type: setter
        variables: [{scope: instance, key: kept, value: '.n + 5'}]
        transition: sleep
      - {id: sleep, type: delay, duration: PT1S, transition: get}
      - id: get
        type: getter
        variables: [{scope: instance, key: kept}]
        transform: '{out: .var.kept}'
      """) {
    @Override
    long out(long n) {
      return n + 5;
    }
  },
  ASYNC(
      """
      id: async
      states:
      - id: call
        type: action
        async: true
        action: {workflow: child, input: '{n: .n}'}
        transform: '{out: .n}'
      """) {
    @Override
    long out(long n) {
      return n;
    }
  },
  RACE(
      """
      id: race
      states:
      - id: both
        type: parallel
        mode: or
        actions:
        - {workflow: child, input: '{n: .n}'}
        - {workflow: sleeper, input: '{n: .n}'}
        transform: '{out: .return[0].out}'
      """) {
    @Override
    long out(long n) {
      return 2 * n;
    }
  },
  ALL(
      """
      id: all
      states:
      - id: await
        type: eventAnd
        events:
        - {type: crash.go, context: {key: '{{ "k" + (.n | tostring) }}'}}
        - {type: crash.more, context: {key: '{{ "k" + (.n | tostring) }}'}}
        transform: '{out: (.["crash.go"].v + .["crash.more"].v)}'
      """) {
    @Override
    long out(long n) {
      return 6 * n;
    }
  },
  CALLBACK(
      """
      id: callback
      states:
      - id: call
        type: callback
        action: {workflow: child, input: '{n: .n}'}
        event: {type: crash.back, context: {key: '{{ "k" + (.n | tostring) }}'}}
        transform: '{out: (.return.out + .["crash.back"].v)}'
      """) {
    @Override
    long out(long n) {
      return 5 * n;
    }
  },
  SHARED(
      """
      id: shared
      states:
      - id: put
        type: setter
        variables: [{scope: namespace, key: shared, value: .n}]
        transform: '{out: .n}'
      """) {
    @Override
    long out(long n) {
      return n;
    }
  },
  CANCELLED(
      """
      id: cancelled
      states:
      - {id: sleep, type: delay, duration: PT1H}
      """) {
    @Override
    long out(long n) {
      return n;
    }
  },
  FUNCTION(
      """
      id: function
      functions:
      - {id: slow, image: direktiv/crash:v1}
      states:
      - id: call
        type: action
        action: {function: slow, input: '{n: .n}'}
        transform: '{out: .return.out}'
      """) {
    @Override
    long out(long n) {
      return n;
    }
  };

  /// The image that [#FUNCTION] calls.
  static final TestImage IMAGE =
      TestImage.shell(
          "direktiv/crash:v1",
          "sleep 0.5; sed 's/.*:\\([0-9]*\\).*/{\"out\":\\1}/' /direktiv-data/data.in >"
              + " /direktiv-data/data.out");

  /// One start in this many calls a function, when there is an engine for it.
  private static final int FUNCTIONS_RARE = 40;

  /// Draws a kind.
  static Workload draw(Random random, boolean hasEngine) {
    if (random.nextInt(FUNCTIONS_RARE) == 0 && hasEngine) {
      return FUNCTION;
    }
    return values()[random.nextInt(FUNCTION.ordinal())];
  }

  /// Workflows that others start.
  static final List<String> HELPERS =
      List.of(
          """
          id: child
          states:
          - {id: double, type: noop, transform: '{out: (.n * 2)}'}
          """,
          """
          id: failing
          states:
          - {id: fail, type: error, error: crash.test, message: 'as it should'}
          """,
          """
          id: sleeper
          states:
          - {id: sleep, type: delay, duration: PT1H}
          """,
          """
          id: tick
          start: {type: scheduled, cron: '@every 1s'}
          states:
          - {id: tock, type: noop}
          """,
          """
          id: counter
          start: {type: event, event: {type: crash.done}}
          states:
          - {id: take, type: noop, transform: '{n: .["crash.done"].n}'}
          """);

  final String source;

  Workload(String source) {
    this.source = source;
  }

  /// The member `out` of the output for `n`.
  abstract long out(long n);

  String workflow() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /// True when an instance waits for the events of its number.
  boolean isForEvents() {
    return this == EVENT || this == ALL;
  }

  /// An event that instances of [#EVENT] and [#ALL] wait for.
  ///
  /// @param type the last word of its type
  static JsonObject event(String type, long n) {
    return event(type + "-" + n, type, n);
  }

  /// The event that an instance of [#CALLBACK] waits for when its action has returned. Nobody says
  /// when that is, so it is sent again, each time with another `id`, until it was taken.
  static JsonObject callBack(String id, long n) {
    return event(id, "back", n);
  }

  private static JsonObject event(String id, String type, long n) {
    return JsonObject.builder()
        .put("specversion", "1.0")
        .put("id", id)
        .put("source", "crash")
        .put("type", "crash." + type)
        .put("key", "k" + n)
        .put("data", JsonObject.of("v", Json.of(3 * n)))
        .build();
  }
}
