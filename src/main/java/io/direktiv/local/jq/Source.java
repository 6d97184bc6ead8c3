package io.direktiv.local.jq;

import io.direktiv.json.Json;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/// The bytes of files one after another, a line or a part of a long line at a time, which is what
/// jq's line numbers count.
final class Source {
  /// How much of a line is read at once, as in jq.
  private static final int PIECE_BYTES_MAX = 4_095;

  private final Iterator<String> names;
  private final InputStream stdin;
  private final Sink err;
  private final Runnable beforeWaiting;
  private final byte[] bytes = new byte[1 << 16];
  private InputStream current;
  private String name;
  private boolean isAtEnd;
  private long line;
  private int failures;
  private int filled;
  private int from;
  private int to;

  /// The files `names`, of which `-` is `stdin`.
  ///
  /// @param beforeWaiting what to do before stdin is waited for
  Source(List<String> names, InputStream stdin, Sink err, Runnable beforeWaiting) {
    this.names = names.iterator();
    this.stdin = stdin;
    this.err = err;
    this.beforeWaiting = beforeWaiting;
  }

  /// Goes to the next piece, which may be empty; true when it is known to be the last one.
  boolean advance() {
    if (current == null || isAtEnd && names.hasNext()) {
      openNext();
    }
    from = to;
    if (current != null && !isAtEnd) {
      read();
    }
    return !names.hasNext() && (current == null || isAtEnd);
  }

  private void openNext() {
    close();
    name = null;
    line = 0;
    isAtEnd = false;
    from = 0;
    to = 0;
    filled = 0;
    if (!names.hasNext()) {
      return;
    }
    name = names.next();
    if (name.equals("-")) {
      name = "<stdin>";
      current = stdin;
      return;
    }
    try {
      current = Files.newInputStream(Path.of(name));
    } catch (IOException | InvalidPathException e) {
      fail("Could not open file " + name + ": " + reason(e));
    }
  }

  private void close() {
    if (current != null && current != stdin) {
      try {
        current.close();
      } catch (IOException _) {
        // It was read to its end.
      }
    }
    current = null;
  }

  private void fail(String message) {
    beforeWaiting.run();
    err.line("jq: error: " + message);
    failures++;
  }

  /// The system's words for what is wrong with a file.
  static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException _, FileNotFoundException _ -> "No such file or directory";
      case AccessDeniedException _ -> "Permission denied";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  private void read() {
    int scanned = from;
    while (true) {
      int limit = Math.min(filled, from + PIECE_BYTES_MAX);
      while (scanned < limit) {
        if (bytes[scanned++] == '\n') {
          to = scanned;
          line++;
          return;
        }
      }
      if (scanned - from == PIECE_BYTES_MAX) {
        to = scanned;
        return;
      }
      if (filled == bytes.length) {
        System.arraycopy(bytes, from, bytes, 0, filled - from);
        filled -= from;
        scanned -= from;
        from = 0;
      }
      if (!fill()) {
        to = filled;
        return;
      }
    }
  }

  private boolean fill() {
    if (current == stdin) {
      beforeWaiting.run();
    }
    try {
      int read = current.read(bytes, filled, bytes.length - filled);
      isAtEnd = read < 0;
      filled += Math.max(0, read);
    } catch (IOException e) {
      fail(reason(e));
      isAtEnd = true;
    }
    return !isAtEnd;
  }

  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /// The name of the present file as a value.
  Json filename() {
    return name == null ? Json.NULL : Json.of(name);
  }

  /// Lines of the present file that were read.
  long line() {
    return line;
  }

  /// Files that could not be read.
  int failures() {
    return failures;
  }

  /// Where it is, as jq's error lines say it.
  String position() {
    return name == null ? "<unknown>" : name + ":" + line;
  }
}
