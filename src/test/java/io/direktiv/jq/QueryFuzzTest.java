package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Queries made at random and by mutation of good ones never throw anything but what is promised
/// and never exceed their limits by much.
class QueryFuzzTest {
  private static final int QUERIES = Integer.getInteger("queries", 20_000);

  private static final QueryLimits LIMITS =
      new QueryLimits(Duration.ofMillis(200), 2_000_000, 16L << 20, 1_000);
  private static final List<String> GOOD =
      List.of(
          ".a[0].b // 1",
          "{a: 1, \"b\": (.x | . + 1), (\"c\"): [.[]?]}",
          "reduce .[] as [$x, {a: $y}] (0; . + $x)",
          "def f(g; $n): g | limit($n; repeat(g)); f(.a; 3)",
          "if . == null then 1 elif .a then \"x\\(.a)y\" else empty end",
          "label $out | foreach (1, 2, 3) as $i (0; . + $i; if . > 2 then ., break $out else . end)",
          "try error({a: [1]}) catch .a[0] | @base64 \"v=\\(.)\"",
          "(.a, .b[1:3]) |= (map(. * 2)? // 5) | del(.a[0], .c) | to_entries",
          "[paths(type == \"number\")] | group_by(length) | map(sort_by(-.[0]?)) | tojson",
          "\"abc\" | [match(\"(?<x>a|b)+\"; \"gi\") | .captures[].string] | join(\",\")",
          ". as {a: $x} ?// [$x] | $x | tostring | ascii_upcase | split(\"\") | @csv",
          "[limit(5; range(1; infinite; 3))] | flatten | add / length | floor | todate",
          "path(..) | select(length > 1) | getpath(.)",
          "walk(if type == \"object\" then with_entries(.key |= ltrimstr(\"a\")) else . end)");
  private static final List<String> PARTS =
      List.of(
          ".",
          "..",
          ".a",
          "[",
          "]",
          "{",
          "}",
          "(",
          ")",
          "|",
          ",",
          ":",
          ";",
          "?",
          "//",
          "?//",
          "=",
          "|=",
          "+=",
          "==",
          "<",
          "+",
          "-",
          "*",
          "/",
          "%",
          "\"",
          "\\(",
          "$x",
          "as",
          "if",
          "then",
          "else",
          "end",
          "reduce",
          "foreach",
          "try",
          "catch",
          "label",
          "break",
          "def f:",
          "f",
          "1",
          "1e999",
          "-0",
          "null",
          "and",
          "not",
          "@json",
          "range(9)",
          "recurse",
          "repeat(.)",
          "tojson",
          "sort",
          "add",
          "keys",
          "path(",
          "del(",
          "map(",
          "splits(\"a\")",
          "test(\"(\")",
          "😀",
          "#",
          "\n",
          "'",
          "..[0]",
          "error",
          "until(false; .)",
          "limit(3; ",
          "* 1e9",
          "[range(1e9)]",
          "combinations",
          "fromjson",
          "implode");
  private static final List<Json> INPUTS =
      List.of(
          Json.NULL,
          Json.parse("{\"a\":[1,{\"b\":2}],\"b\":[1,2,3,4],\"x\":\"y\"}"),
          Json.parse("[[1,{\"a\":2}],null,true,\"text\",1e308,-0.5]"),
          Json.of("[1,2,{\"a\":null}]"));

  @Test
  @Timeout(120)
  void throwsOnlyWhatIsPromised() {
    long seed = Long.getLong("seed", 4711L);
    Random random = new Random(seed);
    for (int i = 0; i < QUERIES; i++) {
      String text = random.nextBoolean() ? mutated(random) : made(random);
      Json input = INPUTS.get(random.nextInt(INPUTS.size()));
      try {
        Query.compile(text).all(input, LIMITS);
      } catch (QuerySyntaxException e) {
        assertThat(e.offset()).isBetween(0, text.length());
      } catch (QueryException | QueryLimitException _) {
        // Both are promised.
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", query " + i + ": " + text, e);
      }
    }
  }

  private static String made(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.append(PARTS.get(random.nextInt(PARTS.size())))
          .append(random.nextInt(3) == 0 ? "" : " ");
    }
    return text.toString();
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(GOOD.get(random.nextInt(GOOD.size())));
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, PARTS.get(random.nextInt(PARTS.size())));
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
        case 2 -> text.insert(at, GOOD.get(random.nextInt(GOOD.size())));
        default -> text.insert(at, text.substring(0, Math.min(at, 40)));
      }
    }
    return text.toString();
  }
}
