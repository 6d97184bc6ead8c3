package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.direktiv.json.Json;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/// What the simplest queries leave for the collector.
class AllocationTest {
  private static final int ROUNDS = 200_000;

  /// A list of one output.
  private static final long RESULT_BYTES = 24;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static double bytes(String text) throws Exception {
    Query query = Query.compile(text);
    Json input = Json.parse("{\"a\":{\"b\":{\"c\":[\"deep\"]}}}");
    double least = Double.MAX_VALUE;
    for (int attempt = 0; attempt < 5; attempt++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < ROUNDS; i++) {
        query.all(input, QueryLimits.DEFAULT);
      }
      long after = THREADS.getCurrentThreadAllocatedBytes();
      least = Math.min(least, (double) (after - before) / ROUNDS);
    }
    return least;
  }

  @Test
  void pathsAllocateNothingBesideTheirResult() throws Exception {
    for (String text : new String[] {".", ".a.b.c", ".a.b.c[0]", ".a | .b | .nothing"}) {
      assertThat(bytes(text)).as(text).isLessThanOrEqualTo(RESULT_BYTES);
    }
  }
}
