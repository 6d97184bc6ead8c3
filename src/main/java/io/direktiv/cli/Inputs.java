package io.direktiv.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads files that the user names; `-` is the standard input.
final class Inputs {
  private final InputStream in;

  /// Inputs with a standard input.
  Inputs(InputStream in) {
    this.in = in;
  }

  /// The bytes of a file.
  ///
  /// @param what the file is for, as the sentence names it
  /// @throws UserException when it cannot be read or is larger than a request may be
  byte[] read(String file, String what) {
    try (InputStream from = file.equals("-") ? in : Files.newInputStream(Path.of(file))) {
      byte[] bytes = from.readNBytes(Limits.FILE_BYTES_MAX + 1);
      if (bytes.length > Limits.FILE_BYTES_MAX) {
        throw new UserException(
            what + " " + name(file) + " has more than " + Limits.FILE_BYTES_MAX + " bytes");
      }
      return bytes;
    } catch (NoSuchFileException _) {
      throw new UserException(
          what + " " + file + " does not exist; give the path of a file, or - for standard input");
    } catch (IOException | RuntimeException e) {
      if (e instanceof UserException user) {
        throw user;
      }
      throw new UserException(what + " " + name(file) + " cannot be read: " + reason(file, e));
    }
  }

  private static String reason(String file, Exception e) {
    if (!file.equals("-") && Files.isDirectory(Path.of(file))) {
      return "it is a folder";
    }
    return String.valueOf(e.getMessage());
  }

  private static String name(String file) {
    return file.equals("-") ? "(standard input)" : file;
  }
}
