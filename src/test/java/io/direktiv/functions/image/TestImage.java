package io.direktiv.functions.image;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;

/// The parts of small images.
final class TestImage {
  private TestImage() {}

  static byte[] layer() {
    return layer("of the owner");
  }

  static byte[] layer(String secret) {
    return new TestTar().file("secret", secret).bytes();
  }

  /// The configuration of an image of these layers.
  static byte[] config(byte[]... layers) {
    List<Json> digests =
        Stream.of(layers).<Json>map(layer -> Json.of(Digest.of(layer).toString())).toList();
    return JsonObject.of("rootfs", JsonObject.of("diff_ids", JsonArray.of(digests))).toBytes();
  }

  static Json descriptor(byte[] blob) {
    return JsonObject.builder()
        .put("digest", Digest.of(blob).toString())
        .put("size", blob.length)
        .build();
  }

  static byte[] manifest(byte[] config, byte[]... layers) {
    return JsonObject.builder()
        .put("schemaVersion", 2)
        .put("config", descriptor(config))
        .put("layers", JsonArray.of(Stream.of(layers).<Json>map(TestImage::descriptor).toList()))
        .build()
        .toBytes();
  }
}
