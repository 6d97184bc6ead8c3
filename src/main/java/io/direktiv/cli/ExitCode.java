package io.direktiv.cli;

/// What the program tells the shell.
final class ExitCode {
  static final int OK = 0;

  /// The server, a file or a workflow said no; stderr has the sentence.
  static final int FAILED = 1;

  /// The command line is wrong.
  static final int USAGE = 2;

  /// The reader of a pipe went away: what a shell reports for SIGPIPE.
  static final int PIPE_CLOSED = 141;

  private ExitCode() {}
}
