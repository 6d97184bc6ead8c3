package io.direktiv.local.jq;

import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.QuerySyntaxException.Problem;
import java.util.stream.Collectors;

/// Says what is wrong with a program: jq's own report, then our hints.
final class Reports {
  private Reports() {}

  static String of(QuerySyntaxException e) {
    String hints =
        e.problems().stream()
            .map(Problem::hint)
            .filter(hint -> !hint.isEmpty())
            .map(hint -> "\nhint: " + hint)
            .collect(Collectors.joining());
    return e.report() + hints;
  }
}
