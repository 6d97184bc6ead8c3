package io.direktiv.json;

/// The JSON value `null`.
public enum JsonNull implements Json {
  NULL;

  @Override
  public String toString() {
    return "null";
  }
}
