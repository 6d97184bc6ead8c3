package io.direktiv.model;

import io.direktiv.jq.Query;
import io.direktiv.json.Json;
import java.util.List;
import java.util.Map;

/// A value of the definition that may depend on an instance's data.
public sealed interface Expression {
  /// A value that depends on nothing.
  record Literal(Json value) implements Expression {}

  /// A jq query.
  ///
  /// @param place where the query's first character stands in the file
  record Jq(Query query, Place place) implements Expression {}

  /// A text that should be a query and is not; evaluating it raises `direktiv.jq.badCommand`.
  ///
  /// @param problem the reader's message
  /// @param place where the wrong token begins in the file
  record Broken(String text, String problem, Place place) implements Expression {}

  /// An array whose elements may depend on data.
  record Elements(List<Expression> elements) implements Expression {
    public Elements {
      elements = List.copyOf(elements);
    }
  }

  /// An object whose values may depend on data.
  record Members(Map<String, Expression> members) implements Expression {
    public Members {
      members = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(members));
    }
  }
}
