package io.direktiv.json.texts;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;

/// What becomes of the values and marks that [JsonTexts] finds. Methods throw a [JsonTextException]
/// whose message has no place yet.
sealed interface Shape permits WholeShape, EventShape {
  /// Takes a string, number, `true`, `false` or `null`.
  void value(Json value);

  /// Takes one of `[ ] { } : ,`.
  void mark(byte mark);

  /// What is ready to be given out, else null; it is given out once.
  Json take();

  /// What is ready at the end of the input, else null.
  Json takeLast();

  /// Forgets what has begun.
  void reset();

  /// True inside an array or object.
  boolean isOpen();

  /// True when a number, which may go on, is the last thing outside of arrays and objects.
  boolean endsWithNumber();

  /// True when a record separator now would cut something off.
  boolean isCut(boolean isBlankBefore, boolean isTokenBegun);

  /// Where the text has got to, for errors that are values.
  JsonArray path();
}
