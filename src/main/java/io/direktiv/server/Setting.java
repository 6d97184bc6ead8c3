package io.direktiv.server;

import java.util.Locale;

/// A setting of the server. Its key in the configuration file is `key`, its flag `--key`, its
/// environment variable `DIREKTIV_KEY` with underscores.
///
/// @param key lower-case words joined by hyphens
/// @param label what stands for a value in a usage line, such as `HOST:PORT`
/// @param standard the text that counts when nobody says anything
/// @param meaning one sentence or two without a full stop at the end
/// @param kind where it may come from
/// @param reader makes the value of a text
record Setting<T>(
    String key, String label, String standard, String meaning, Kind kind, Reader<T> reader) {
  /// Where a setting may come from.
  enum Kind {
    /// The file, the environment or a flag.
    OPEN,
    /// The environment or a flag: it is needed before the file can be read.
    NO_FILE,
    /// The environment alone: flags show in process lists and files get copied.
    SECRET
  }

  /// Makes a value of a text.
  interface Reader<T> {
    /// The value.
    ///
    /// @throws IllegalArgumentException whose message says what is allowed: `a size such as 16MiB`
    T read(String text);
  }

  String flag() {
    return "--" + key;
  }

  String variable() {
    return "DIREKTIV_" + key.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "setting " + key;
  }
}
