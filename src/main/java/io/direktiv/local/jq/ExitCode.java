package io.direktiv.local.jq;

/// jq's exit codes.
final class ExitCode {
  static final int OK = 0;

  /// With `-e`: the last output was `null` or `false`.
  static final int FALSY = 1;

  /// The command line is wrong, or a file cannot be read or written.
  static final int SYSTEM = 2;

  /// The program does not compile.
  static final int COMPILE = 3;

  /// With `-e`: there was no output.
  static final int SILENT = 4;

  /// An error of the program or of its input.
  static final int ERROR = 5;

  /// Nobody reads the output any more; what a shell says of a process that SIGPIPE ended.
  static final int PIPE_CLOSED = 141;

  private ExitCode() {}
}
