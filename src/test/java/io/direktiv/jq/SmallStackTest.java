package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs and documents as deep as the limits allow, and bombs, on a thread whose stack is a
/// quarter of a MiB: depth costs heap, and a limit is noticed soon after it is exceeded.
@Timeout(120)
class SmallStackTest {
  private static final long STACK_BYTES = 256 << 10;
  private static final Duration TIME = Duration.ofMillis(300);

  /// How much longer than allowed a query may compute until it counts as one that does not notice.
  /// That it is no more than 50 ms is measured by `./dev bench Jq`. Counted in the thread's own
  /// time: a busy machine and a collecting heap are not the query's.
  private static final Duration LATE = Duration.ofSeconds(2);

  private static final QueryLimits LIMITS = new QueryLimits(TIME, 1L << 60, 256L << 20, 1_000_000);
  private static final QueryLimits PATIENT =
      new QueryLimits(Duration.ofSeconds(60), 1L << 60, 512L << 20, 1_000_000);

  /// What `query` comes to; `cpuNanos` is what it took.
  private static Object outcome(String query, QueryLimits limits, AtomicLong cpuNanos)
      throws InterruptedException {
    AtomicReference<Object> outcome = new AtomicReference<>();
    Runnable run =
        () -> {
          long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
          try {
            outcome.set(Query.compile(query).all(Json.NULL, limits).toString());
          } catch (Exception | Error e) {
            outcome.set(e);
          }
          cpuNanos.set(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
        };
    Thread thread = new Thread(null, run, "small stack", STACK_BYTES);
    thread.start();
    thread.join();
    return outcome.get();
  }

  static List<String> bombs() {
    return Bombs.ALL;
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void noticesALimitSoon(String query) throws InterruptedException {
    AtomicLong cpuNanos = new AtomicLong();
    assertThat(outcome(query, LIMITS, cpuNanos)).isInstanceOf(QueryLimitException.class);
    assertThat(Duration.ofNanos(cpuNanos.get())).as(query).isLessThan(TIME.plus(LATE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[", "(", "{a:", "\"\\(", "if ", "try ", ".[", "def f: ", "f(", "{(", "-("})
  void refusesBracketsWithoutEnd(String part) throws InterruptedException {
    assertThat(outcome(part.repeat(100_000), LIMITS, new AtomicLong()))
        .isInstanceOfSatisfying(
            QuerySyntaxException.class,
            e -> assertThat(e.getMessage()).containsAnyOf("nested deeper", "longer than"));
  }

  @Test
  void runsProgramsAsDeepAsTheLimit() throws InterruptedException {
    int n = 60;

    assertDeep("[".repeat(n) + "1" + "]".repeat(n) + " | flatten", "[[1]]");
    assertDeep("(".repeat(n) + "1" + ")".repeat(n), "[1]");
    assertDeep("{a:".repeat(n) + "1" + "}".repeat(n) + " | [paths] | length", "[" + n + "]");
    assertDeep("if true then ".repeat(n) + "1" + " else 2 end".repeat(n), "[1]");
    assertDeep("try ".repeat(n) + "error", "[]");
    assertDeep("\"\\(".repeat(n) + "1" + ")\"".repeat(n), "[\"1\"]");
    assertDeep("def f: ".repeat(n) + "1; 2".repeat(1) + "; 2".repeat(n - 1), "[2]");
    assertDeep("map(".repeat(n) + "." + ")".repeat(n) + "?", "[]");
    assertDeep("1" + " + 1".repeat(20_000), "[20001]");
    assertDeep("1" + " | .".repeat(20_000), "[1]");
    assertDeep("null" + " // null".repeat(20_000) + " // 1", "[1]");
    assertDeep("{}" + ".a".repeat(20_000), "[null]");
  }

  @Test
  void handlesValuesAsDeepAsTheLimit() throws InterruptedException {
    String deep = "reduce range(9990) as $i ([]; [.]) | ";
    assertDeep(deep + ". == .", "[true]");
    assertDeep(deep + "tojson | length", "[19982]");
    assertDeep(deep + "tojson | fromjson | tojson | length", "[19982]");
    assertDeep(deep + "[., .] | sort | unique | length", "[1]");
    assertDeep(deep + "contains([[]])", "[true]");
    assertDeep(deep + "last(paths) | length", "[9990]");
    assertDeep(deep + "first(tostream) | length", "[2]");
    assertDeep(deep + "flatten", "[[]]");
    assertDeep(deep + "delpaths([[range(9000) | 0]]) | [..] | length", "[9000]");
    assertDeep(deep + "walk(.) | [recurse] | length", "[9991]");
    assertDeep(
        "reduce range(9990) as $i ({}; {a: .}) | (. * .) == . and ([.] | group_by(.) | length) == 1",
        "[true]");
  }

  private static void assertDeep(String query, String expected) throws InterruptedException {
    String shown = query.length() > 80 ? query.substring(0, 80) : query;
    assertThat(outcome(query, PATIENT, new AtomicLong())).as(shown).isEqualTo(expected);
  }
}
