package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.json.Json;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reaches every limit of queries, on virtual threads with their small stacks. What would not end
/// within a minute without its limit ends the test; nothing here measures time.
@Timeout(60)
class BoundsTest {
  private static final Duration TIME = Duration.ofMillis(300);

  private static final QueryLimits SHORT =
      new QueryLimits(TIME, 1_000_000_000L, 64L << 20, 1_000_000L);

  /// Runs `query` on a virtual thread; the thread must be able to go on.
  private static Object outcome(String query, QueryLimits limits) throws InterruptedException {
    AtomicReference<Object> outcome = new AtomicReference<>();
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                outcome.set(Query.compile(query).all(Json.NULL, limits));
              } catch (Exception | Error e) {
                outcome.set(e);
              }
              try {
                assertThat(Query.compile("1 + 1").all(Json.NULL, SHORT)).hasToString("[2]");
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
              } catch (Exception | Error e) {
                outcome.set(e);
              }
            });
    thread.join();
    return outcome.get();
  }

  private static void assertLimited(String query, QueryLimits limits, String words)
      throws InterruptedException {
    assertThat(outcome(query, limits))
        .as(query)
        .isInstanceOfSatisfying(
            QueryLimitException.class, e -> assertThat(e.getMessage()).containsPattern(words));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "def f: f; f",
        "def f: try f catch f; try f catch 1",
        "[recurse(.)] | length",
        "last(range(1e18))",
        "reduce range(1e18) as $i (0; . + 1)",
        "last(repeat(1))",
        "first(range(1e18) | select(. < 0))",
        "[limit(3; range(1e18) | select(false))]",
        "(reduce range(60) as $i (1; [., .])) as $x | $x == (reduce range(60) as $i (1; [., .]))",
        "(reduce range(60) as $i (1; {a: ., b: .})) as $x | [$x, [$x]] | .. | empty",
        "[range(3000)] as $x | [range(3000) | $x] | transpose | map(add) | tojson"
            + " | . * 2 | [., .] | first(repeat(empty))",
        "(\"a\" * 500000) as $a | [range(100000)] | map($a | contains(\"a\" * 250000 + \"b\"))",
        "[range(100000)] as $x | [range(100000) | . + 0.5] as $y | $x - $y",
        "[range(100000)] as $x | $x | contains([range(100000) | 99999])",
        "\"\" | until(false; .)",
        "reduce range(1e7) as $i ({}; .[\"key\\($i)\"] = $i)",
        "{} | until(false; .a = 1)",
        "[1] | last(path(recurse(.)))",
        "try last(repeat(1)) catch 1",
        "last(repeat(1))? // 2",
        "label $out | last(repeat(1))",
        "(\"a\" * 40 + \"b\") | last(repeat(test(\"^(a|aa)+$\")))",
        "[range(200000)] | until(false; sort_by(-.))",
        "\"abc\" | until(false; ascii_downcase)",
        "[[range(300000)] | combinations(3)] | length",
      })
  void endsWithTheTimeLimitOrTheMemoryLimit(String query) throws InterruptedException {
    assertLimited(query, SHORT, "ran longer than 300 ms|bytes|outputs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[range(1e18)]",
        "\"x\" * 1e9",
        "[limit(1e9; repeat(1))]",
        "def f: 1 + f; f",
        "def f: [f]; f",
        "def f: f | f; f",
        "def f: (1 as $x | f) + 1; f",
        "[range(1000) | tostring * 100000]",
        "reduce range(1e9) as $i ([]; .[$i] = \"x\" * 1000)",
        "[range(10000)] as $x | [range(10000) | $x + [1]]",
        "reduce range(40) as $i (\"ab\"; . + .)",
        "reduce range(60) as $i (1; [., .])",
        "reduce range(60) as $i (1; [., .]) | tojson",
        "reduce range(60) as $i (1; [., .]) | tostring",
        "reduce range(60) as $i (1; [., .]) | flatten",
        "reduce range(60) as $i (1; [., .]) | [..] | length",
        "reduce range(60) as $i (1; [., .]) | [paths]",
        "reduce range(40) as $i ({a: 1}; {a: ., b: .}) | [paths(scalars)]",
        "[.[1e8]] | .[0][1e8] = 1",
        "null | .[500000000] = 1",
        "\"a\" * 60000000 | split(\"\")",
        "\"a,\" * 10000000 | split(\",\")",
        "\"a\" * 10000000 | explode",
        "\"a\" * 20000000 | [., .] | join(\",\") | @html",
        "\"'\" * 10000000 | @html",
        "[range(3000000)] | map(tostring) | join(\",\") | @base64 | @uri",
        "\"\\(\"x\" * 20000000)\\(\"x\" * 20000000)\"",
        "[range(100000) | [range(.)]]",
        "[range(1e7) | {a: .}]",
        "[foreach range(1e9) as $i ([]; . + [$i])]",
        "path(range(1e7) as $i | .a[$i]) | [.]",
        "[path(..)] as [$p] | [repeat($p)]",
        "input_line_number | [repeat([.])]",
        "[splits(\"a\"; null)?, (\"a\" * 1000000 | [splits(\"\")], [splits(\"a\")])]",
      })
  void endsWithTheMemoryLimit(String query) throws InterruptedException {
    QueryLimits limits = new QueryLimits(Duration.ofSeconds(50), 1_000_000_000L, 48L << 20, 1_000);
    assertLimited(query, limits, "bytes|points to come back|nested deeper|outputs");
  }

  @Test
  void endsWithTheStepLimit() throws InterruptedException {
    QueryLimits limits = new QueryLimits(Duration.ofSeconds(20), 100_000, 64L << 20, 1_000);
    assertLimited("last(range(1e18))", limits, "more than 100000 steps");
    assertLimited("try last(range(1e18)) catch 0", limits, "more than 100000 steps");
    assertLimited("last(range(1e18))?", limits, "more than 100000 steps");
    assertLimited("last(range(1e18)) // 1", limits, "more than 100000 steps");
  }

  @Test
  void endsWithTheOutputLimit() throws InterruptedException {
    QueryLimits limits = new QueryLimits(Duration.ofSeconds(20), 100_000_000, 64L << 20, 1_000);
    assertLimited("range(1001)", limits, "more than 1000 outputs");
    assertThat(outcome("range(1000)", limits)).asString().endsWith("999]");
    assertLimited("range(3) | \"x\" * 15000000", limits, "outputs of the query take more than");
    assertLimited("reduce range(10001) as $i (1; [.])", limits, "nested deeper than 10000");
  }

  @Test
  void keepsLittleThoughItMakesMuch() throws InterruptedException {
    QueryLimits limits =
        new QueryLimits(Duration.ofSeconds(30), 1_000_000_000L, 16L << 20, 1_000_000);
    assertThat(outcome("[range(300) | \"x\" * 1000000 | length] | add", limits))
        .hasToString("[300000000]");
    assertThat(outcome("reduce range(300000) as $i (0; [., $i] | add)", limits))
        .hasToString("[44999850000]");
    assertThat(outcome("[range(100000) | tostring] | join(\"\") | length", limits))
        .hasToString("[488890]");
  }

  @Test
  void goesAsDeepAsTheHeapAllows() throws InterruptedException {
    QueryLimits limits =
        new QueryLimits(Duration.ofSeconds(30), 1_000_000_000L, 256L << 20, 1_000_000);
    assertThat(outcome("def f: if . == 0 then 0 else (. - 1 | f) + 1 end; 200000 | f", limits))
        .hasToString("[200000]");
    assertThat(outcome("reduce range(9999) as $i (1; [.]) | tojson | length", limits))
        .hasToString("[19999]");
    assertThat(
            outcome(
                "reduce range(9000) as $i (1; [.]) | . == . and ([.] | sort | length) == 1",
                limits))
        .hasToString("[true]");
    assertThat(
            outcome("reduce range(9000) as $i ({}; {a: .}) | (. * .) == . and contains(.)", limits))
        .hasToString("[true]");
  }

  /// Where the host's stack would not do, the machine takes over.
  @Test
  void isAsDeepAsTheDataIs() throws InterruptedException {
    QueryLimits limits =
        new QueryLimits(Duration.ofSeconds(30), 1_000_000_000L, 256L << 20, 1_000_000);
    String deep = "reduce range(5000) as $i (1; [.]) | ";
    assertThat(outcome(deep + "walk(.) | tojson | length", limits)).hasToString("[10001]");
    assertThat(outcome(deep + "[..] | length", limits)).hasToString("[5001]");
    assertThat(outcome(deep + "[tostream] | length", limits)).hasToString("[5001]");
    assertThat(outcome(deep + "last(paths) | length", limits)).hasToString("[5000]");
    assertThat(outcome(deep + "def r: [.[]? | r]; r | tojson | length", limits))
        .hasToString("[10002]");
    assertThat(outcome("[0 | recurse(if . < 5000 then . + 1 else empty end)] | length", limits))
        .hasToString("[5001]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "(",
        "{a:",
        "\"\\(",
        "-(",
        "if ",
        "try ",
        "[.[",
        "reduce ",
        "def f: ",
        "f(",
        "1|[",
        "{(",
        "label $x | (",
        ". as $x | (",
        "{a: -",
        "try -("
      })
  void refusesDeeplyNestedQueries(String part) throws InterruptedException {
    Object outcome = outcome(part.repeat(100_000), SHORT);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            QuerySyntaxException.class,
            e -> assertThat(e.getMessage()).containsAnyOf("nested deeper", "longer than"));
  }

  @Test
  void refusesDeeplyNestedPatterns() throws InterruptedException {
    for (String part : List.of("[", "{a:", "[[{b: ")) {
      assertThat(outcome(". as " + part.repeat(100_000), SHORT))
          .isInstanceOfSatisfying(
              QuerySyntaxException.class,
              e -> assertThat(e.getMessage()).contains("nested deeper"));
    }
  }

  @Test
  void compilesLongChains() throws InterruptedException {
    QueryLimits limits = new QueryLimits(Duration.ofSeconds(20), 100_000_000, 64L << 20, 1_000_000);
    int n = 50_000;
    assertThat(outcome("0" + " + 1".repeat(n), limits)).hasToString("[50000]");
    assertThat(outcome("0" + " | . + 1".repeat(n), limits)).hasToString("[50000]");
    assertThat(outcome("[0" + ", 1".repeat(n) + "] | length", limits)).hasToString("[50001]");
    assertThat(outcome("{}" + ".a".repeat(n), limits)).hasToString("[null]");
    assertThat(outcome("1" + " as $x | $x".repeat(n), limits)).hasToString("[1]");
    assertThat(outcome("null" + " // null".repeat(n) + " // 3", limits)).hasToString("[3]");
    assertThat(outcome("-".repeat(n) + "1", limits)).hasToString("[1]");
    assertThat(outcome("true" + " and true".repeat(n), limits)).hasToString("[true]");
    assertThat(outcome("1" + "?".repeat(n), limits)).hasToString("[1]");
    assertThat(outcome("\"" + "\\(1)".repeat(n) + "\" | length", limits)).hasToString("[50000]");
    assertThat(outcome("if false then 1" + " elif false then 1".repeat(n) + " else 2 end", limits))
        .hasToString("[2]");
    assertThat(outcome("def f: 1; ".repeat(5_000) + "f", limits)).hasToString("[1]");
    assertThat(outcome("{" + "a: 1, ".repeat(20_000) + "}", limits)).hasToString("[{\"a\":1}]");
    assertThat(outcome("path(" + ".a|".repeat(9_000) + ".) | length", limits))
        .hasToString("[9000]");
  }

  @Test
  void compilesTextsOfManyNamesInTimeThatGrowsWithTheirLength() {
    int n = 30_000;
    List<String> texts =
        List.of(
            many(n, "1 as $x%d|") + "[" + "$x0,".repeat(n) + "1]",
            ". as [" + many(n, "$x%d,") + "$y]|1",
            "1 as " + many(n, "[$x%d]?//") + "$y|1",
            "def f(" + many(n, "$p%d;") + "$z): $p0; f(" + "1;".repeat(n) + "2)",
            "def f: 1;" + many(n, "def g%d: f;") + "g0");
    for (String text : texts) {
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      assertThatCode(() -> Query.compile(text)).doesNotThrowAnyException();
      long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
      assertThat(Duration.ofNanos(nanos))
          .as(text.substring(0, 40))
          .isLessThan(Duration.ofSeconds(8));
    }
  }

  private static String many(int count, String format) {
    return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining());
  }

  @Test
  void reportsNoMoreMistakesThanTheLimit() {
    for (String text :
        List.of(
            "[" + many(30_000, "u%d,") + "1]",
            "(1 2),".repeat(30_000) + "1",
            "{" + "(1):2,".repeat(9_000) + "}")) {
      assertThatThrownBy(() -> Query.compile(text))
          .isInstanceOfSatisfying(
              QuerySyntaxException.class,
              e -> {
                assertThat(e.problems()).hasSize(Limits.PROBLEMS_MAX);
                assertThat(e.problems().getFirst().at()).isLessThan(4);
              });
    }
  }

  @Test
  void refusesQueriesAndDocumentsThatAreTooLarge() throws InterruptedException {
    assertThat(outcome("1" + " ".repeat(1 << 20), SHORT))
        .isInstanceOfSatisfying(
            QuerySyntaxException.class, e -> assertThat(e.getMessage()).contains("1048576"));
    assertThat(outcome("\"[\" * 100000 | fromjson", SHORT))
        .isInstanceOfSatisfying(
            QueryException.class, e -> assertThat(e.getMessage()).contains("Exceeds depth limit"));
    assertThat(outcome("\"a\" * 1048577 | test(\"b\")", SHORT))
        .isInstanceOf(QueryLimitException.class);
    assertThat(outcome("\"a\" * 10001 as $r | \"b\" | test($r)", SHORT))
        .isInstanceOf(QueryLimitException.class);
    assertThat(outcome("\"(\" * 9000 as $r | \"b\" | test($r)", SHORT))
        .isInstanceOf(QueryException.class);
    assertThat(outcome("(\"(\" * 4000 + \"a\" + \")\" * 4000) as $r | \"b\" | test($r)", SHORT))
        .isNotInstanceOf(Error.class);
  }

  @Test
  void keepsMessagesShort() throws InterruptedException {
    for (String query :
        List.of(
            "\"x\" * 10000000 | error",
            "[range(1000000)] | error",
            "[range(1000000)] | .a",
            "\"x\" * 10000000 | .a",
            "\"x\" * 10000000 | fromjson",
            "\"x\" * 10000000 | tonumber",
            "{} | .[[range(1000000)]]",
            "reduce range(60) as $i (1; [., .]) | .a",
            "reduce range(60) as $i (1; [., .]) | error",
            "\"x\" * 10000000 | strptime(\"%Y\")",
            "\"x\" * 5000 as $r | \"a\" | test(\"(\" + $r)")) {
      assertThat(outcome(query, new QueryLimits(Duration.ofSeconds(20), 1L << 40, 256L << 20, 9)))
          .as(query)
          .isInstanceOfSatisfying(
              QueryException.class, e -> assertThat(e.getMessage()).hasSizeLessThan(5_000));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "last(range(1e18))",
        "last(range(100000)) | (\"a\" * 60) | test(\"^(a|a|aa)+$b\")",
        "(reduce range(60) as $i (1; [., .])) as $x | $x == (reduce range(60) as $i (1; [., .]))",
      })
  void stopsWhenTheThreadIsInterrupted(String query) throws Exception {
    // given
    QueryLimits limits = new QueryLimits(Duration.ofMinutes(2), 1L << 60, 256L << 20, 10);
    Query compiled = Query.compile(query);
    CountDownLatch isComputing = new CountDownLatch(1);
    Pacer signal = _ -> isComputing.countDown();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                ScopedValue.where(Pacer.CURRENT, signal).run(() -> compiled.all(Json.NULL, limits));
              } catch (RuntimeException e) {
                thrown.set(e);
              }
            });
    isComputing.await();
    // when
    thread.interrupt();
    thread.join();
    // then
    assertThat(thrown.get())
        .isInstanceOf(QueryLimitException.class)
        .hasMessageContaining("interrupted");
  }

  @Test
  void nobodyCatchesALimit() {
    QueryLimits limits = new QueryLimits(Duration.ofSeconds(20), 10_000, 64L << 20, 1_000);
    for (String query :
        List.of(
            "try last(range(1e9)) catch .",
            "[.[]?, (last(range(1e9)))?]",
            "(last(range(1e9))) // 1",
            ". as [$a] ?// $a | last(range(1e9))",
            "try (last(range(1e9)) | true) catch false")) {
      assertThatThrownBy(() -> Query.compile(query).all(Json.NULL, limits))
          .as(query)
          .isInstanceOf(QueryLimitException.class);
    }
  }
}
