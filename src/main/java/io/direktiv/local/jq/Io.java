package io.direktiv.local.jq;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// What the command is connected to.
record Io(
    InputStream in,
    OutputStream out,
    OutputStream err,
    Map<String, String> environment,
    boolean isInTerminal,
    boolean isOutTerminal) {

  /// The streams and the environment of this process.
  static Io ofProcess() {
    return new Io(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getenv(),
        isTerminal(0),
        isTerminal(1));
  }

  /// Looks where the descriptor leads: asking the JDK's console costs more than a small query.
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.matches("/dev/(pts/.*|tty.*|console)");
    } catch (IOException | UnsupportedOperationException _) {
      return System.console() != null && System.console().isTerminal();
    }
  }
}
