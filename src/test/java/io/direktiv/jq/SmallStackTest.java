package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
          outcome.set(attempt(query, limits));
          cpuNanos.set(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
        };
    Thread thread = new Thread(null, run, "small stack", STACK_BYTES);
    thread.start();
    thread.join();
    return outcome.get();
  }

  private static Object attempt(String query, QueryLimits limits) {
    try {
      return Query.compile(query).all(Json.NULL, limits).toString();
    } catch (Exception | Error e) {
      return e;
    }
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

  /// Texts that are nested 9,000 times in one construct, and what they come to over null.
  static Set<Map.Entry<String, String>> deepPrograms() {
    int n = 9_000;
    Map<String, String> programs = new LinkedHashMap<>();
    programs.put("[".repeat(n) + "." + "]".repeat(n) + " | flatten", "[[null]]");
    programs.put("[".repeat(n) + "1" + "]".repeat(n) + " | flatten", "[[1]]");
    programs.put("(".repeat(n) + "." + ")".repeat(n), "[null]");
    programs.put("{a:".repeat(n) + "." + "}".repeat(n) + " | tojson | length > " + n, "[true]");
    programs.put("{a:".repeat(n) + "1" + "}".repeat(n) + " | tojson | length > " + n, "[true]");
    programs.put("{(".repeat(n / 2) + "\"a\"" + "):1}|keys[]".repeat(n / 2), "[\"a\"]");
    programs.put("if . then 2 else ".repeat(n) + "1" + " end".repeat(n), "[1]");
    programs.put("if ".repeat(n) + "." + " then 2 else 1 end".repeat(n), "[2]");
    programs.put("try ".repeat(n) + "error", "[]");
    programs.put("try error catch ".repeat(n) + ".", "[null]");
    programs.put("reduce ".repeat(n) + "1" + " as $x (0; . + $x)".repeat(n), "[1]");
    programs.put("reduce 1 as $x (0; ".repeat(n / 2) + ". + $x" + ")".repeat(n / 2), "[1]");
    programs.put("foreach ".repeat(n) + "1" + " as $x (0; . + $x; .)".repeat(n), "[1]");
    programs.put("foreach 1 as $x (0; .; ".repeat(n / 2) + "$x" + ")".repeat(n / 2), "[1]");
    programs.put("def f: ".repeat(n) + "1" + "; f".repeat(n), "[1]");
    programs.put("\"\\(".repeat(n) + "1" + ")\"".repeat(n), "[\"1\"]");
    programs.put(". as $x | [".repeat(n) + "$x" + "]".repeat(n) + " | flatten", "[[null]]");
    programs.put(". as " + "[".repeat(n) + "$x" + "]".repeat(n) + " | $x", "[null]");
    programs.put(". as " + "{a:".repeat(n) + "$x" + "}".repeat(n) + " | $x", "[null]");
    programs.put("1 as " + "[".repeat(n) + "$x" + "]".repeat(n) + " ?// $x | $x", "[1]");
    programs.put("1 as [$x] ?// $x | (".repeat(n) + "$x" + ")".repeat(n), "[1]");
    programs.put("-".repeat(n) + "1", "[1]");
    programs.put("-(".repeat(n) + "1" + ")".repeat(n), "[1]");
    programs.put("first(".repeat(n) + "." + ")".repeat(n), "[null]");
    programs.put("map(".repeat(n) + "." + ")".repeat(n) + "?", "[]");
    programs.put("path(" + ".[".repeat(n) + "0" + " // 0]".repeat(n) + ")", "[[0]]");
    programs.put(".[".repeat(n) + "0" + "]?".repeat(n), "[]");
    programs.put(".[0:".repeat(n) + "0" + "]".repeat(n), "[null]");
    programs.put(".a" + "[0]".repeat(n) + "?.b.[\"c\"].\"d\"".repeat(n / 4), "[null]");
    programs.put("label $out | (".repeat(n) + "break $out" + ")".repeat(n), "[]");
    programs.put("1 + (".repeat(n) + "." + ")".repeat(n), "[" + n + "]");
    programs.put(".a = (".repeat(n) + "1" + ")".repeat(n) + " | tojson | length > " + n, "[true]");
    programs.put("(".repeat(n) + "." + " // 1)".repeat(n), "[1]");
    programs.put("(".repeat(n) + "1" + ", empty)".repeat(n), "[1]");
    programs.put("(".repeat(n) + "true" + " and true)".repeat(n), "[true]");
    return programs.entrySet();
  }

  @ParameterizedTest
  @MethodSource("deepPrograms")
  void runsProgramsAsDeepAsTheLimit(Map.Entry<String, String> program) throws Exception {
    assertDeep(program.getKey(), program.getValue());
    AtomicReference<Object> outcome = new AtomicReference<>();
    Thread.ofVirtual().start(() -> outcome.set(attempt(program.getKey(), PATIENT))).join();
    assertThat(outcome.get()).as("on a virtual thread").isEqualTo(program.getValue());
  }

  @Test
  void runsChainsOfAnyLength() throws InterruptedException {
    assertDeep("1" + " + 1".repeat(20_000), "[20001]");
    assertDeep("1" + " | .".repeat(20_000), "[1]");
    assertDeep("null" + " // null".repeat(20_000) + " // 1", "[1]");
    assertDeep("{}" + ".a".repeat(20_000), "[null]");
    assertDeep("def f: 1; ".repeat(20_000) + "f", "[1]");
    assertDeep("1 as $x | ".repeat(20_000) + "$x", "[1]");
    assertDeep("label $x | ".repeat(20_000) + "1", "[1]");
    assertDeep("1 as [$a]" + " ?// [$a]".repeat(2_000) + " ?// $a | $a", "[1]");
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
