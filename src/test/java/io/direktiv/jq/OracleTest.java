package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every query has the same outputs, or the same error, evaluated directly and by the machine.
///
/// Replay one with `-Dseed=N`; look longer with `-Dqueries=N`.
class OracleTest {
  private static final int QUERIES = Integer.getInteger("queries", 8_000);

  private static final QueryLimits LIMITS =
      new QueryLimits(Duration.ofSeconds(20), 300_000, 64L << 20, 1_000);

  private static final List<Json> DOCUMENTS =
      Stream.of(
              "null",
              "{\"a\":{\"b\":[1,2,{\"c\":\"x\"}]},\"b\":[3,1,2],\"c\":\"text\",\"d\":null}",
              "[1,[2,[3,null]],{\"a\":1,\"b\":[true]},\"s\",-0.5]",
              "{\"a\":[{\"a\":1,\"b\":2},{\"a\":2,\"b\":1},{\"a\":1,\"b\":0}],\"b\":\"a,b\",\"c\":7}",
              "\"a1b22\"",
              "17")
          .map(Json::parse)
          .toList();

  private static String outcome(String text, Json input, boolean isPlain) {
    Query query;
    try {
      query = Query.compile(text);
    } catch (QuerySyntaxException e) {
      return "refused";
    }
    try {
      List<Json> outputs = isPlain ? query.plainly(input, LIMITS) : query.all(input, LIMITS);
      return outputs.toString();
    } catch (QueryException e) {
      return "error at " + e.offset() + ": " + e.getMessage() + " " + e.value();
    } catch (QueryLimitException e) {
      return "limit";
    }
  }

  private static void assertSame(String text, Json input, Object seed) {
    String plain = outcome(text, input, true);
    if (!plain.equals("limit")) {
      assertThat(outcome(text, input, false))
          .as("%s over %s, %s", text, input, seed)
          .isEqualTo(plain);
    }
  }

  @Test
  void agreesOnQueriesMadeAtRandom() {
    long first = Long.getLong("seed", new Random().nextInt(1 << 30));
    int count = Long.getLong("seed") == null ? QUERIES : 1;
    System.out.println("queries from seed " + first);
    for (long seed = first; seed < first + count; seed++) {
      Random random = new Random(seed);
      String text = new QueryMaker(random).query();
      assertSame(text, DOCUMENTS.get(random.nextInt(DOCUMENTS.size())), "-Dseed=" + seed);
    }
  }

  @Test
  void givesTheOutputsBeforeItGivesUpOnlyOnce() {
    // given: recursion that is too deep for the host after some outputs
    String text = "1, 2, (def f: if . == 0 then 0 else (. - 1 | f) + 1 end; 5000 | f), error(3)";
    List<Json> outputs = new ArrayList<>();
    // when
    assertThatThrownBy(
            () -> Query.compile(text).each(Json.NULL, LIMITS, QueryHost.NONE, outputs::add))
        .isInstanceOf(QueryException.class);
    // then
    assertThat(outputs).hasToString("[1, 2, 5000]");
  }

  @Test
  void agreesOnSubstitutions() {
    List<String> patterns =
        List.of("", "a", "[ab]+", "(a)(b)?", "(?<x>a)", "^", "$", "b*", "é", "(");
    List<String> replacements =
        List.of(
            "\"-\"", "\"\"", ".", "\"\\(.x)\"", "1", "error(\"no\")", "(\"1\", \"2\")", "empty");
    List<String> texts = List.of("\"\"", "\"aab\"", "\"abéa😀b\"", "\"xyz\"", "1", "null");
    for (String pattern : patterns) {
      for (String replacement : replacements) {
        for (String text : texts) {
          String arguments = "(\"" + pattern + "\"; " + replacement + ")";
          assertSame("sub" + arguments, Json.parse(text), "sub");
          assertSame("gsub" + arguments, Json.parse(text), "gsub");
        }
      }
    }
  }

  @Test
  void agreesOnDeepQueries() {
    for (Deep.Case each : Deep.ALL) {
      assertSame(each.query(), Json.parse(each.input()), "deep");
    }
  }

  @Test
  void agreesOnTheGoldenQueries() throws IOException {
    Pattern query = Pattern.compile("(?m)^ *(?:- )?query: '(.*)'$");
    List<String> queries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("golden/jq"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
        Matcher matcher = query.matcher(Files.readString(file));
        while (matcher.find()) {
          queries.add(matcher.group(1).replace("''", "'"));
        }
      }
    }
    assertThat(queries).hasSizeGreaterThan(100);
    for (String text : queries) {
      if (!text.contains("now")) {
        DOCUMENTS.forEach(document -> assertSame(text, document, "golden"));
      }
    }
  }

  @Test
  void agreesOnTheQueriesOfTheSuite() throws IOException {
    Path suite = Path.of("../shared/jq-suite");
    assumeTrue(Files.isDirectory(suite), "jq's suite is not beside the project");
    try (Stream<Path> files = Files.list(suite)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".test")).toList()) {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i + 1 < lines.size(); i++) {
          assertSameOnLines(lines.get(i), lines.get(i + 1), file);
        }
      }
    }
  }

  private static void assertSameOnLines(String text, String document, Path file) {
    try {
      Json input = Json.parse(document);
      if (!text.isBlank() && !text.contains("now") && !text.contains("localtime")) {
        assertSame(text, input, file);
      }
    } catch (JsonException _) {
      // No pair of a query and its input begins here.
    }
  }
}
