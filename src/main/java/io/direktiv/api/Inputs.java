package io.direktiv.api;

import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonLimits;
import io.direktiv.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Reads the input of an instance as clients send it (reference 1.3, "Instance creation").
///
/// The engine wraps what is not an object as `{"input": …}`.
public final class Inputs {
  private static final JsonLimits LIMITS =
      new JsonLimits(Limits.JSON_DEPTH_MAX, Limits.INPUT_BYTES_MAX);

  private Inputs() {}

  /// The JSON value that `bytes` spell; anything else becomes the base64 string of the bytes, and
  /// nothing becomes the empty string.
  ///
  /// @throws ApiException when there are more than [Limits#INPUT_BYTES_MAX], or they nest deeper
  ///   than [Limits#JSON_DEPTH_MAX]
  public static Json lenient(byte[] bytes) {
    requireSize(bytes);
    if (bytes.length == 0) {
      return Json.of("");
    }
    try {
      return JsonReader.read(new String(bytes, StandardCharsets.UTF_8), LIMITS);
    } catch (JsonException e) {
      if (e.isLimit()) {
        throw Refusals.invalid("the body cannot be read: " + e.getMessage());
      }
      return Json.of(Base64.getEncoder().encodeToString(bytes));
    }
  }

  /// The JSON value that `bytes` spell, of which the caller said that they are JSON.
  ///
  /// @throws ApiException saying where they are not, or that they are too many or too deep
  public static Json strict(byte[] bytes) {
    requireSize(bytes);
    try {
      return JsonReader.read(new String(bytes, StandardCharsets.UTF_8), LIMITS);
    } catch (JsonException e) {
      throw new ApiException(
          ApiException.Kind.INVALID,
          "request_body_not_json",
          "the body is not JSON: " + e.getMessage());
    }
  }

  private static void requireSize(byte[] bytes) {
    if (bytes.length > Limits.INPUT_BYTES_MAX) {
      throw Refusals.tooLarge("the body", bytes.length, Limits.INPUT_BYTES_MAX);
    }
  }
}
