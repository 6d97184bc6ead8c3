package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where an error of an evaluation is: `^` in the second column stands below where the part begins
/// that raised it.
class QueryPlacesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "1 | .a!    ^",
        ".x | .y | 1 + {}!            ^",
        "[1] | .[\"a\"]!       ^",
        "{a: 1} | .a[]!           ^",
        "1 | tojson | fromdate!             ^",
        "[1, \"a\"] | map(. - 1)!                 ^",
        "def f: .a; 1 | f!       ^",
        "\"x\" | -.!      ^",
        "1 as $x | [$x] | first | implode!                         ^",
      })
  void anErrorSaysWhereItIs(String query, String caret) throws QuerySyntaxException {
    try {
      Query.compile(query).all(Json.NULL, QueryLimits.DEFAULT);
    } catch (QueryException e) {
      assertThat(e.offset()).as(query + "\n" + e.getMessage()).isEqualTo(caret.indexOf('^'));
      return;
    }
    throw new AssertionError("no error: " + query);
  }
}
