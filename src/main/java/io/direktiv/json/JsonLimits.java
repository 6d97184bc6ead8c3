package io.direktiv.json;

/// What a JSON text may cost its reader.
///
/// @param depthMax the deepest nesting of arrays and objects
/// @param charsMax the longest text in characters
public record JsonLimits(int depthMax, int charsMax) {
  /// Depth 10,000 as in jq 1.8, and 64 Mi characters.
  public static final JsonLimits DEFAULT = new JsonLimits(10_000, 64 << 20);
}
