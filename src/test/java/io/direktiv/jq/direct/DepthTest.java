package io.direktiv.jq.direct;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.jq.Deep;
import io.direktiv.jq.Pacer;
import io.direktiv.jq.Query;
import io.direktiv.jq.QueryException;
import io.direktiv.jq.QueryHost;
import io.direktiv.jq.QueryLimitException;
import io.direktiv.jq.QueryLimits;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is counted of the host's stack is never less than what is used of it, so that the limit of
/// the count keeps a query from overflowing any stack of 256 KiB.
@Timeout(300)
class DepthTest {
  private static final long STACK_BYTES = 256 << 10;

  private static final QueryLimits LIMITS =
      new QueryLimits(Duration.ofSeconds(5), 20_000, 64L << 20, 100);

  /// The calls of builtins and of the budget, which are not counted.
  private static final int LEAVES = 12;

  /// After so many steps the budget calls its pacer for the first time.
  private static final int STEPS_UNTIL_PACED = 128;

  private static final StackWalker WALKER =
      StackWalker.getInstance(Set.of(StackWalker.Option.SHOW_HIDDEN_FRAMES));

  static List<Deep.Case> cases() {
    return Deep.ALL;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void neverUsesMoreOfTheStackThanItCounts(Deep.Case each) throws Exception {
    Json input = Json.parse(each.input());
    int deepest = 0;
    // The pacer looks at some of the first hundred steps.
    for (int steps = 0; steps < STEPS_UNTIL_PACED; steps += 21) {
      String query = "(range(" + steps + ") | empty), (" + each.query() + ")";
      deepest = Math.max(deepest, framesOf(query, input));
    }
    assertThat(deepest).isLessThanOrEqualTo(Run.DEPTH_MAX + LEAVES);
  }

  private static int framesOf(String text, Json input) throws QuerySyntaxException {
    Query query = Query.compile(text);
    int[] deepest = {0};
    Runnable look = () -> deepest[0] = Math.max(deepest[0], frames());
    try {
      ScopedValue.where(Pacer.CURRENT, _ -> look.run())
          .run(() -> query.each(input, LIMITS, QueryHost.NONE, _ -> look.run()));
    } catch (QueryException | QueryLimitException _) {
      // How deep it got is what matters.
    }
    return deepest[0];
  }

  /// The calls of the evaluation that is under way.
  private static int frames() {
    return WALKER.walk(frames ->
        (int)
            frames
                .map(StackWalker.StackFrame::getClassName)
                .filter(name -> name.startsWith("io.direktiv.jq.direct."))
                .filter(name -> !name.startsWith(DepthTest.class.getName()))
                .filter(name -> !name.startsWith(Direct.class.getName()))
                .count());
  }

  @Test
  void neverOverflowsASmallStackThoughTheHostInterprets() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xint",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Overflows.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).isEqualTo("0 overflows");
  }

  /// Evaluates all deep queries on small stacks and on virtual threads, and prints how often one
  /// overflowed.
  static final class Overflows {
    private Overflows() {}

    public static void main(String[] args) throws Exception {
      for (Deep.Case each : Deep.ALL) {
        Thread small = new Thread(null, () -> evaluate(each), "small stack", STACK_BYTES);
        small.start();
        small.join();
        Thread.ofVirtual().start(() -> evaluate(each)).join();
      }
      System.out.println(Direct.overflows + " overflows");
    }

    private static void evaluate(Deep.Case each) {
      int before = Direct.overflows;
      try {
        Query query = Query.compile(each.query());
        query.all(Json.parse(each.input()), LIMITS);
        query.each(Json.parse(each.input()), LIMITS, QueryHost.NONE, _ -> {});
      } catch (QueryException | QueryLimitException | QuerySyntaxException _) {
        // An overflow is not among them.
      }
      if (Direct.overflows > before) {
        System.out.println(each.query());
      }
    }
  }
}
