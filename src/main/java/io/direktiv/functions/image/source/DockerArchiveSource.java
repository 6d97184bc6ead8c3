package io.direktiv.functions.image.source;

import io.direktiv.functions.image.Content;
import io.direktiv.functions.image.Digest;
import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.functions.image.ImageLimits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An image in an archive as `docker save` writes it. It has no manifest of a registry; one is made
/// of the digests of what is in it.
final class DockerArchiveSource implements LocalSource {
  private static final String MANIFEST = "manifest.json";

  private final Parcel parcel;
  private final String tag;
  private final Map<Digest, String> names = new HashMap<>();

  DockerArchiveSource(Parcel parcel, String tag) {
    this.parcel = parcel;
    this.tag = tag;
  }

  @Override
  public Content manifest() throws ImageException, IOException {
    JsonObject image = chosen(images());
    List<Json> layers = new ArrayList<>();
    for (String layer : texts(image, "Layers")) {
      layers.add(part("application/vnd.oci.image.layer.v1.tar", layer));
    }
    String config = image.get("Config") instanceof JsonString(String text) ? text : "";
    byte[] bytes =
        JsonObject.builder()
            .put("schemaVersion", 2)
            .put("config", part("application/vnd.oci.image.config.v1+json", config))
            .put("layers", JsonArray.of(layers))
            .build()
            .toBytes();
    return new Content("", Digest.of(bytes), bytes);
  }

  private List<JsonObject> images() throws ImageException, IOException {
    try (InputStream in = parcel.open(MANIFEST)) {
      byte[] bytes = Copy.bounded(in, MANIFEST, ImageLimits.MANIFEST_BYTES_MAX);
      if (Json.parse(bytes) instanceof JsonArray array) {
        return array.toList().stream()
            .filter(JsonObject.class::isInstance)
            .map(JsonObject.class::cast)
            .toList();
      }
    } catch (JsonException _) {
      // Refused below.
    }
    throw new ImageException(Kind.BROKEN, "its manifest.json is no list", "save the image again");
  }

  private JsonObject chosen(List<JsonObject> images) throws ImageException {
    List<JsonObject> found =
        images.stream()
            .filter(image ->
                tag.isEmpty()
                    || texts(image, "RepoTags").stream()
                        .anyMatch(name -> name.equals(tag) || name.endsWith(":" + tag)))
            .toList();
    if (found.size() != 1) {
      throw new ImageException(
          Kind.ABSENT,
          "it holds "
              + found.size()
              + " images"
              + (tag.isEmpty() ? "" : " of tag \"" + tag + "\"")
              + ", among "
              + images.stream().flatMap(image -> texts(image, "RepoTags").stream()).toList(),
          "name one of them after a colon");
    }
    return found.getFirst();
  }

  private static List<String> texts(JsonObject object, String key) {
    return object.get(key) instanceof JsonArray array
        ? array.toList().stream()
            .filter(JsonString.class::isInstance)
            .map(json -> ((JsonString) json).value())
            .toList()
        : List.of();
  }

  private JsonObject part(String type, String name) throws ImageException, IOException {
    MessageDigest computed = Digest.startSha256();
    long size;
    try (InputStream in = new DigestInputStream(parcel.open(name), computed)) {
      size = in.transferTo(OutputStream.nullOutputStream());
    }
    Digest digest = Digest.of(computed);
    names.put(digest, name);
    return JsonObject.builder()
        .put("mediaType", type)
        .put("digest", digest.toString())
        .put("size", size)
        .build();
  }

  @Override
  public InputStream open(Digest blob) throws ImageException, IOException {
    return parcel.open(names.getOrDefault(blob, ""));
  }

  @Override
  public void close() throws IOException {
    parcel.close();
  }
}
