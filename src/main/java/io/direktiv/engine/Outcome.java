package io.direktiv.engine;

import io.direktiv.json.Json;

/// What became of an action.
public sealed interface Outcome {
  /// It returned `result`.
  record Returned(Json result) implements Outcome {}

  /// It failed.
  record Failed(Failure failure) implements Outcome {}
}
