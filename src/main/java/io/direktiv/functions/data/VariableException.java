package io.direktiv.functions.data;

/// A variable that cannot travel as a file. The message says which, why, and what to do, and never
/// what is in it.
public final class VariableException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String code;

  VariableException(String code, String message) {
    super(message);
    this.code = code;
  }

  /// The error code that the workflow sees.
  public String code() {
    return code;
  }
}
