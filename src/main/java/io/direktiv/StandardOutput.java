package io.direktiv;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;

/// Where results go, and what went wrong there: a [PrintStream] alone would swallow that the disk
/// is full, and a result that nobody got would pass for success.
final class StandardOutput extends FilterOutputStream {
  private static final int FAILED = 1;

  /// The reader of a pipe went away: what a shell reports for SIGPIPE.
  private static final int PIPE_CLOSED = 141;

  private volatile IOException trouble;

  StandardOutput(OutputStream out) {
    super(out);
  }

  /// Takes the place of `System.out`.
  static StandardOutput install() {
    StandardOutput watched = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    System.setOut(new PrintStream(new BufferedOutputStream(watched), true, System.out.charset()));
    return watched;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      trouble = e;
      throw e;
    }
  }

  /// The exit code of a command that ended with `code` after writing here; says on `err` when its
  /// output is lost. A reader that went away had enough, as in `direktiv … | head`.
  int exitCode(int code, PrintStream err) {
    String reason = Optional.ofNullable(trouble).map(IOException::getMessage).orElse("");
    if (trouble == null || code != 0) {
      return code;
    }
    if (reason.contains("Broken pipe")) {
      return PIPE_CLOSED;
    }
    err.println("direktiv: the output cannot be written: " + reason);
    return FAILED;
  }
}
