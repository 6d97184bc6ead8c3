package io.direktiv.jq;

import io.direktiv.json.Json;
import java.util.List;

/// A compiled query. Immutable and safe to share between threads.
public final class Query {
  private final String text;

  private Query(String text) {
    this.text = text;
  }

  /// Compiles `text`; the empty text is `.`.
  ///
  /// @throws QuerySyntaxException when `text` is not a query or names an unknown function
  public static Query compile(String text) throws QuerySyntaxException {
    return new Query(text);
  }

  /// The text this was compiled from.
  public String text() {
    return text;
  }

  /// Evaluates this query over `input` and collects every output.
  ///
  /// @throws QueryException when the query raises an error
  /// @throws QueryLimitException when a limit is exceeded or the thread is interrupted
  public List<Json> all(Json input, QueryLimits limits) {
    return List.of(input);
  }
}
