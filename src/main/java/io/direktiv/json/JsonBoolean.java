package io.direktiv.json;

/// A JSON boolean.
public enum JsonBoolean implements Json {
  TRUE,
  FALSE;

  /// The boolean as Java has it.
  public boolean value() {
    return this == TRUE;
  }

  @Override
  public String toString() {
    return this == TRUE ? "true" : "false";
  }
}
