package io.direktiv.model.read;

import io.direktiv.model.Names;
import io.direktiv.model.VariableScope;
import java.util.Optional;

/// Reads the fields that name a variable, wherever one is named.
final class VariableFields {
  private VariableFields() {}

  static Optional<String> key(Fields fields) {
    Optional<String> key = fields.required("key", fields.what() + ": key required");
    if (key.isPresent() && !Names.VARIABLE.matcher(key.get()).matches()) {
      fields.error(
          fields.place("key"),
          fields.what()
              + ": variable key must match regex: "
              + Names.VARIABLE
              + ", but it is \""
              + Fields.shorten(key.get())
              + "\"");
      return Optional.empty();
    }
    return key;
  }

  static VariableScope scope(Fields fields) {
    String word = fields.text("scope").orElse("instance");
    for (VariableScope scope : VariableScope.values()) {
      if (scope.word().equals(word)) {
        return scope;
      }
    }
    fields.error(
        fields.place("scope"),
        fields.what()
            + ": scope must be instance, workflow or namespace, but it is \""
            + Fields.shorten(word)
            + "\"");
    return VariableScope.INSTANCE;
  }
}
