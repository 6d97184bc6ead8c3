package io.direktiv.functions.image.registry;

import java.time.Duration;

/// The limits of talking to registries.
final class Limits {
  /// How long a connection may take.
  static final Duration CONNECT_TIME = Duration.ofSeconds(10);

  /// How long an answer may take to begin.
  static final Duration ANSWER_TIME = Duration.ofSeconds(30);

  /// How long a body may stand still before the connection is given up.
  static final Duration STALL_TIME = Duration.ofSeconds(30);

  /// How often one request is tried.
  static final int TRIES = 4;

  /// How long it waits before the second try; doubled each time.
  static final Duration PAUSE = Duration.ofMillis(250);

  /// The longest wait that a registry may ask for; when it asks for more, nobody waits.
  static final Duration PAUSE_MAX = Duration.ofSeconds(20);

  /// How many times in a row an answer may lead elsewhere.
  static final int REDIRECTS_MAX = 5;

  /// The largest answer that is read for its text, such as an error or a token.
  static final int TEXT_BYTES_MAX = 256 << 10;

  /// The longest text of a registry that is repeated in a message.
  static final int QUOTE_CHARS_MAX = 200;

  /// The time before its end when a token is no longer used.
  static final Duration TOKEN_MARGIN = Duration.ofSeconds(10);

  /// How long a token counts when nobody says (Docker token authentication specification).
  static final Duration TOKEN_TIME = Duration.ofSeconds(60);

  /// Tokens that are kept.
  static final int TOKENS_MAX = 1_000;

  /// Bytes that are read at once.
  static final int BUFFER_BYTES = 128 << 10;

  private Limits() {}
}
