package io.direktiv.functions.image;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.List;
import java.util.Optional;

/// Names a blob and says how large it is (OCI image specification, "Content Descriptors").
///
/// @param mediaType what it is, empty when nobody says
/// @param size in bytes, -1 when nobody says
/// @param platform for which machines a manifest is
public record Descriptor(
    String mediaType, Digest digest, long size, Optional<Platform> platform, String refName) {
  /// Reads a descriptor.
  ///
  /// @throws ImageException when it names no blob
  static Descriptor read(Json json) throws ImageException {
    if (!(json instanceof JsonObject object)) {
      throw broken("a descriptor that is no object");
    }
    String text = text(object, "digest");
    Digest digest =
        Digest.parse(text).orElseThrow(() -> broken("\"" + shown(text) + "\" as a digest"));
    long size =
        object.get("size") instanceof JsonNumber number && number.isLong()
            ? number.longValue()
            : -1;
    String refName =
        object.get("annotations") instanceof JsonObject annotations
            ? text(annotations, "org.opencontainers.image.ref.name")
            : "";
    return new Descriptor(
        text(object, "mediaType"),
        digest,
        Math.max(-1, size),
        object.get("platform") instanceof JsonObject platform
            ? Optional.of(Platform.read(platform))
            : Optional.empty(),
        refName);
  }

  static List<Json> list(JsonObject object, String key) {
    return object.get(key) instanceof JsonArray array ? array.toList() : List.of();
  }

  static String text(JsonObject object, String key) {
    return object.get(key) instanceof JsonString(String text) ? text : "";
  }

  static ImageException broken(String found) {
    return new ImageException(
        ImageException.Kind.BROKEN, "its manifest has " + found, "build and push the image again");
  }

  private static String shown(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
