package io.direktiv.local.jq;

import io.direktiv.local.Terminal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
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
        Terminal.is(Terminal.IN),
        Terminal.is(Terminal.OUT));
  }
}
