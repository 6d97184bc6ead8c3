package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a query holds is counted wherever it is made: the limit ends it in a heap that is not much
/// larger than the limit.
@Timeout(300)
class MemoryTest {
  private static final long LIMIT_BYTES = 24L << 20;
  private static final String HEAP = "-Xmx192m";

  /// What `@` stands for is made a thousand times from a text of a million characters, an array of
  /// 100,000 elements, or an object of 20,000 members.
  private static final List<String> OF_TEXT =
      List.of(
          "ltrimstr(\"x\")",
          "rtrimstr(\"x\")",
          "trimstr(\"x\")",
          "\" \" + . | trim",
          "sub(\"x\"; \"y\")",
          "sub(\"x$\"; \"y\")",
          ".[$i:]",
          "ascii_upcase",
          "\"\\(.)\\($i)\"",
          "[., \"\\($i)\"] | join(\",\")",
          "tojson",
          "@base64",
          "@uri",
          "explode | implode",
          "{(. + \"\\($i)\"): 1}",
          "[splits(\"y\")]");

  private static final List<String> OF_ARRAY =
      List.of(
          ".[$i] = 0",
          "setpath([$i]; 1)",
          "del(.[$i])",
          ". + [1]",
          ".[$i:$i + 1] = [1, 2]",
          "map(. + 1)",
          ".[] += 1",
          "reverse",
          "sort_by(-.)",
          "(.[] | select(. == $i)) |= 0",
          "(.[] | select(. == $i)) |= empty",
          "to_entries",
          "walk(.)",
          "[.[] | {a: .}]",
          "[tostream]",
          "tojson");

  private static final List<String> OF_OBJECT =
      List.of(".x = $i", "del(.k1)", "map_values(. + 1)", "with_entries(.)", ". + {a: 1}", "keys");

  private static final List<String> OTHERS =
      List.of(
          "(\"x\" * 1000000) as $s | [range(1000) | $s] | tojson",
          "(\"x\" * 1000000) as $s | [range(1000) | $s] | @csv",
          "(\"x\" * 1000000) as $s | [range(1000) | $s] | add",
          "(\"9\" * 1000000 | tonumber) as $n | [range(1000) | $n] | tojson",
          "[range(1000) as $i | (\"9\" * 1000000 | tonumber)] | length",
          "reduce range(1000) as $i ({}; .[\"\\($i)\"] = (\"x\" * 1000000 | ltrimstr(\"x\")))",
          "def f($n): [(\"x\" * 100000), f($n - 1)]; f(10000)",
          "[range(3000) | [range(.)]]");

  @Test
  void endsInASmallHeap() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Hoards.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).isEmpty();
  }

  /// Evaluates them all and prints those that no limit ended.
  static final class Hoards {
    private static final QueryLimits LIMITS =
        new QueryLimits(Duration.ofSeconds(20), 1L << 60, LIMIT_BYTES, 1_000);

    private Hoards() {}

    public static void main(String[] args) throws QuerySyntaxException {
      OF_TEXT.forEach(part -> evaluate("(\"x\" * 1000000) as $s | [range(1000) as $i | $s", part));
      OF_ARRAY.forEach(part -> evaluate("[range(100000)] as $a | [range(1000) as $i | $a", part));
      OF_OBJECT.forEach(part ->
          evaluate(
              "([range(20000) | {(\"k\\(.)\"): .}] | add) as $o | [range(1000) as $i | $o", part));
      OTHERS.forEach(Hoards::evaluate);
    }

    private static void evaluate(String source, String part) {
      evaluate(source + " | " + part + "] | length");
    }

    private static void evaluate(String text) {
      try {
        Query.compile(text).all(Json.NULL, LIMITS);
        System.out.println(text + " was not ended");
      } catch (QueryLimitException e) {
        if (!e.getMessage().contains("bytes")) {
          System.out.println(text + ": " + e.getMessage());
        }
      } catch (QueryException | QuerySyntaxException | OutOfMemoryError e) {
        System.out.println(text + ": " + e);
      }
    }
  }
}
