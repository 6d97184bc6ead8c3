package io.direktiv.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether somebody looks at what a command reads or writes.
public final class Terminal {
  /// Standard input.
  public static final int IN = 0;

  /// Standard output.
  public static final int OUT = 1;

  /// Standard error.
  public static final int ERR = 2;

  private Terminal() {}

  /// True when the open file `descriptor` of this process is a terminal. Asking the JDK's console
  /// costs more than a small query, and it knows of input and output together only.
  public static boolean is(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.matches("/dev/(pts/.*|tty.*|console)");
    } catch (IOException | UnsupportedOperationException _) {
      return System.console() != null && System.console().isTerminal();
    }
  }
}
