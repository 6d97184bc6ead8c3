package io.direktiv.jq;

import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.util.Optional;

/// What surrounds an evaluation: what it may read besides its input, and where its messages go.
///
/// Every method has the answer of a host that gives nothing, which is [#NONE]. The evaluating
/// thread calls them. A method may throw a [QueryException], which the query can catch.
public interface QueryHost {
  /// A host that gives nothing: no inputs, an empty environment, and messages go nowhere.
  QueryHost NONE = new QueryHost() {};

  /// The next input, for `input` and `inputs`; empty when there are no more.
  default Optional<Json> input() {
    return Optional.empty();
  }

  /// What `$ENV` and `env` are.
  default JsonObject environment() {
    return JsonObject.EMPTY;
  }

  /// The value of `$name`, one of [QueryOptions#variables]. Asked once for each evaluation.
  default Json variable(String name) {
    return Json.NULL;
  }

  /// A message of `debug`: `["DEBUG:", value]`.
  default void debug(Json message) {}

  /// A value that `stderr` writes.
  default void stderr(Json value) {}

  /// The name of the file that the present input comes from, or null as a value.
  default Json inputFilename() {
    return Json.NULL;
  }

  /// How many lines of the input were read.
  default long inputLineNumber() {
    return 0;
  }
}
