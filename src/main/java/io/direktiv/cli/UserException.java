package io.direktiv.cli;

/// Something on the user's side does not work, such as a file that is missing.
final class UserException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private UserException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /// A failure with the sentence that the user reads.
  UserException(String message) {
    this(ExitCode.FAILED, message);
  }

  /// A command line that makes no sense.
  static UserException usage(String message) {
    return new UserException(ExitCode.USAGE, message);
  }

  /// What to tell the shell.
  int exitCode() {
    return exitCode;
  }
}
