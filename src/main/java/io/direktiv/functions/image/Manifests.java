package io.direktiv.functions.image;

import io.direktiv.functions.ImageName;
import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.registry.Registries;
import io.direktiv.functions.image.registry.Registry;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Finds the manifest that a reference names for this machine, and remembers it for a while.
///
/// Asking the registry is also how a login proves that it may have the image: what is unpacked here
/// is shared, but only with those whose own login the registry has just believed.
final class Manifests {
  /// How long a registry's word on a tag is believed, and on a digest, whose content cannot change.
  private static final Duration TAG_TIME = Duration.ofMinutes(1);

  private static final Duration DIGEST_TIME = Duration.ofMinutes(15);
  private static final int KNOWN_MAX = 10_000;

  private record Key(ImageName name, Optional<RegistryCredentials> login) {}

  private record Known(Found found, long endsAtNanos) {}

  /// A manifest for this machine.
  ///
  /// @param registry where its blobs are, seen with the login that asked
  record Found(Registry registry, Digest digest, Descriptor config, List<Descriptor> layers) {}

  private final Registries registries;
  private final Map<Key, Known> known = new ConcurrentHashMap<>();

  Manifests(Registries registries) {
    this.registries = registries;
  }

  Found find(ImageName name, Optional<RegistryCredentials> login)
      throws ImageException, InterruptedException {
    Key key = new Key(name, login);
    Known before = known.get(key);
    if (before != null && before.endsAtNanos() - System.nanoTime() > 0) {
      return before.found();
    }
    Registry registry = registries.open(name, login);
    String reference = name.digest().isEmpty() ? name.tag() : name.digest();
    Found found = manifest(registry, reference, false);
    Duration time = name.digest().isEmpty() ? TAG_TIME : DIGEST_TIME;
    if (known.size() >= KNOWN_MAX) {
      known.clear();
    }
    known.put(key, new Known(found, System.nanoTime() + time.toNanos()));
    return found;
  }

  private static Found manifest(Registry registry, String reference, boolean isOfIndex)
      throws ImageException, InterruptedException {
    Registry.Manifest manifest = registry.manifest(reference, ImageLimits.MANIFEST_BYTES_MAX);
    JsonObject json = object(manifest.bytes());
    if (json.has("manifests") && !isOfIndex) {
      return manifest(registry, choose(json).digest().toString(), true);
    }
    List<Descriptor> layers = new ArrayList<>();
    for (Json layer : Descriptor.list(json, "layers")) {
      layers.add(sized(Descriptor.read(layer)));
    }
    if (layers.size() > ImageLimits.LAYERS_MAX) {
      throw Descriptor.broken(
          layers.size() + " layers, of which " + ImageLimits.LAYERS_MAX + " are the most");
    }
    return new Found(
        registry, manifest.digest(), sized(Descriptor.read(json.get("config"))), layers);
  }

  private static JsonObject object(byte[] bytes) throws ImageException {
    try {
      if (Json.parse(bytes) instanceof JsonObject object) {
        return object;
      }
    } catch (JsonException _) {
      // As one that is no object.
    }
    throw Descriptor.broken("no JSON object");
  }

  private static Descriptor choose(JsonObject index) throws ImageException {
    List<String> others = new ArrayList<>();
    for (Json each : Descriptor.list(index, "manifests")) {
      Descriptor descriptor = Descriptor.read(each);
      if (descriptor.platform().isEmpty()
          || Platform.ofThisMachine().runs(descriptor.platform().get())) {
        return descriptor;
      }
      others.add(descriptor.platform().get().toString());
    }
    throw ImageConfig.wrongPlatform(others.isEmpty() ? "nothing" : String.join(", ", others));
  }

  private static Descriptor sized(Descriptor descriptor) throws ImageException {
    if (descriptor.size() < 0) {
      throw Descriptor.broken("a blob without a size");
    }
    return descriptor;
  }
}
