package io.direktiv.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The value of a secret, from the command line or from a file.
final class SecretValue {
  private SecretValue() {}

  /// The bytes; the line break that editors leave at the end of a file does not belong to them.
  ///
  /// @param what it is, as the sentence names it
  /// @throws UserException unless exactly one of `value` and `file` is given
  static byte[] of(Session session, String value, String file, String what) {
    if ((value == null) == (file == null)) {
      throw UserException.usage(
          value == null
              ? what + " is missing; give it as an argument or with --from-file=FILE"
              : what + " is given twice; use either the argument or --from-file");
    }
    if (value != null) {
      return value.getBytes(StandardCharsets.UTF_8);
    }
    byte[] bytes = session.read(file, "the file with " + what);
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\n') {
      length -= length > 1 && bytes[length - 2] == '\r' ? 2 : 1;
    }
    return Arrays.copyOf(bytes, length);
  }
}
