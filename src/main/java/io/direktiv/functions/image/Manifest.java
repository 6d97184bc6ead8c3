package io.direktiv.functions.image;

import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What an image consists of.
///
/// @param digest of the manifest itself
/// @param layers lowest first
public record Manifest(Digest digest, Descriptor config, List<Descriptor> layers) {
  public Manifest {
    layers = List.copyOf(layers);
  }

  /// The bytes of all layers as they are stored.
  public long bytes() {
    return layers.stream().mapToLong(Descriptor::size).sum();
  }

  /// What a manifest's bytes turned out to be.
  sealed interface Read {
    /// The manifest of one image.
    record One(Manifest manifest) implements Read {}

    /// A list of manifests, one for each platform.
    record Index(List<Descriptor> manifests) implements Read {}
  }

  /// Reads a manifest or an index of OCI or Docker; what it is, its members say.
  static Read read(Content content) throws ImageException {
    JsonObject json = parse(content.bytes());
    if (json.has("manifests")) {
      return new Read.Index(descriptors(json, "manifests"));
    }
    if (!json.has("config") || !json.has("layers")) {
      throw new ImageException(
          ImageException.Kind.BROKEN,
          "its manifest is of a kind that is not known ("
              + (json.has("fsLayers") ? "Docker's schema 1" : content.mediaType())
              + ")",
          "build and push the image with a tool of this decade");
    }
    List<Descriptor> layers = descriptors(json, "layers");
    if (layers.size() > ImageLimits.LAYERS_MAX) {
      throw Descriptor.broken("more than " + ImageLimits.LAYERS_MAX + " layers");
    }
    Descriptor config = Descriptor.read(json.get("config"));
    for (Descriptor blob : layers) {
      requireReadable(blob);
    }
    requireReadable(config);
    if (config.size() > ImageLimits.CONFIG_BYTES_MAX) {
      throw Descriptor.broken(
          "a configuration of more than " + (ImageLimits.CONFIG_BYTES_MAX >> 20) + " MiB");
    }
    return new Read.One(new Manifest(content.digest(), config, layers));
  }

  private static void requireReadable(Descriptor blob) throws ImageException {
    if (blob.size() < 0) {
      throw Descriptor.broken("a blob without a size");
    }
    if (blob.mediaType().endsWith("+encrypted")) {
      throw Descriptor.broken("an encrypted layer, which is not read");
    }
  }

  private static JsonObject parse(byte[] bytes) throws ImageException {
    try {
      if (Json.parse(bytes) instanceof JsonObject json) {
        return json;
      }
    } catch (JsonException _) {
      // Refused below.
    }
    throw Descriptor.broken("no JSON object in it");
  }

  private static List<Descriptor> descriptors(JsonObject json, String key) throws ImageException {
    List<Descriptor> found = new ArrayList<>();
    for (Json each : Descriptor.list(json, key)) {
      found.add(Descriptor.read(each));
    }
    return found;
  }

  /// The manifests that the index of a layout names.
  public static List<Descriptor> index(Content content) throws ImageException {
    return read(content) instanceof Read.Index(List<Descriptor> manifests) ? manifests : List.of();
  }

  /// The manifest of an index that is for `platform`; one that names none is for all.
  static Descriptor choose(List<Descriptor> manifests, Platform platform) throws ImageException {
    Optional<Descriptor> found =
        manifests.stream()
            .filter(each -> each.platform().filter(platform::runs).isPresent())
            .findFirst()
            .or(() -> manifests.stream().filter(each -> each.platform().isEmpty()).findFirst());
    if (found.isEmpty()) {
      throw ImageConfig.wrongPlatform(
          manifests.stream()
              .flatMap(each -> each.platform().stream())
              .map(Platform::toString)
              .filter(name -> !name.startsWith("unknown"))
              .distinct()
              .collect(Collectors.joining(", ")));
    }
    return found.get();
  }
}
