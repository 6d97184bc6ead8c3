package io.direktiv.client.http2;

/// A header field; names are lower case.
public record Header(String name, String value) {
  /// What the field counts in a header list (RFC 7541, section 4.1).
  int size() {
    return name.length() + value.length() + 32;
  }

  /// The name and, since values may be credentials, only the length of the value.
  @Override
  public String toString() {
    return name + ": (" + value.length() + " characters)";
  }
}
