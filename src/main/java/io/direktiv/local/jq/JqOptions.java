package io.direktiv.local.jq;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.texts.JsonTexts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a command line asks for.
///
/// @param program the program or the file that it is in; absent when none was given
/// @param library where modules are looked for; absent for the usual places
/// @param workflow absent when the program is only jq
record JqOptions(
    Optional<Program> program,
    List<String> files,
    Map<String, Json> named,
    List<Json> positional,
    Optional<List<String>> library,
    Reading reading,
    Writing writing,
    boolean isStatusWanted,
    Optional<InState> workflow) {

  /// A program's text, or the name of its file.
  record Program(String text, boolean isFile) {}

  /// How inputs are read.
  ///
  /// @param isNull the program gets `null` and asks for inputs itself
  record Reading(
      boolean isNull, boolean isRaw, boolean isSlurped, JsonTexts.Form form, boolean isSequence) {}

  /// How outputs are written.
  ///
  /// @param isRaw strings as they are
  /// @param end what follows an output
  record Writing(Style style, boolean isRaw, End end, boolean isSequence, boolean isFlushed) {}

  /// What follows an output.
  enum End {
    LINE,
    NOTHING,
    NUL
  }

  /// The state whose eyes to look with.
  ///
  /// @param secrets by name, where the value comes from
  record InState(Path file, Optional<String> state, Map<String, String> secrets) {}

  /// `$ARGS`.
  JsonObject arguments() {
    return JsonObject.builder()
        .put("positional", JsonArray.of(positional))
        .put("named", JsonObject.of(named))
        .build();
  }
}
