package io.direktiv.local.jq;

/// An end of the program that is decided deep inside: what to say on stderr, and the exit code.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int exitCode;

  Refusal(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  /// A command line that cannot be understood.
  static Refusal usage(String message) {
    return new Refusal(ExitCode.SYSTEM, message + "\nSee: direktiv jq --help");
  }

  int exitCode() {
    return exitCode;
  }
}
