package io.direktiv.functions.image;

import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What an image says about its process (OCI image specification, "Image Configuration").
///
/// @param entrypoint the beginning of the command line
/// @param command the rest, which a call may replace
/// @param environment texts of the form `NAME=value`
/// @param user a name or number, perhaps with a colon and a group; empty for root
/// @param folder where it runs, empty for `/`
/// @param exposedPorts where it listens, such as `8080/tcp`
/// @param layers the digests of its layers when they are not compressed, lowest first
public record ImageConfig(
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    String user,
    String folder,
    Set<String> exposedPorts,
    List<Digest> layers) {
  public ImageConfig {
    exposedPorts = Set.copyOf(exposedPorts);
    layers = List.copyOf(layers);
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
  }

  /// Reads an image's configuration.
  ///
  /// @throws ImageException when it is for other machines, or none at all
  static ImageConfig read(Json json) throws ImageException {
    if (!(json instanceof JsonObject object)) {
      throw Descriptor.broken("a configuration that is no object");
    }
    Platform made = Platform.read(object);
    if (!Platform.ofThisMachine().runs(made)) {
      throw wrongPlatform(made.toString());
    }
    JsonObject config = object.get("config") instanceof JsonObject given ? given : JsonObject.EMPTY;
    return new ImageConfig(
        texts(config, "Entrypoint"),
        texts(config, "Cmd"),
        texts(config, "Env"),
        Descriptor.text(config, "User"),
        Descriptor.text(config, "WorkingDir"),
        config.get("ExposedPorts") instanceof JsonObject ports ? ports.keys() : Set.of(),
        layers(object));
  }

  private static List<Digest> layers(JsonObject image) throws ImageException {
    JsonObject files = image.get("rootfs") instanceof JsonObject given ? given : JsonObject.EMPTY;
    List<Digest> layers = new ArrayList<>();
    for (Json each : Descriptor.list(files, "diff_ids")) {
      String text = each instanceof JsonString(String value) ? value : "";
      layers.add(
          Digest.parse(text)
              .orElseThrow(
                  () -> Descriptor.broken("a configuration with a bad digest in diff_ids")));
    }
    return layers;
  }

  static ImageException wrongPlatform(String found) {
    return new ImageException(
        ImageException.Kind.ABSENT,
        "is made for "
            + (found.isEmpty() ? "no platform" : found)
            + ", but this machine runs "
            + Platform.ofThisMachine(),
        "build it for this platform too, or name an image that is");
  }

  private static List<String> texts(JsonObject config, String key) {
    return Descriptor.list(config, key).stream()
        .map(each -> each instanceof JsonString(String text) ? text : each.toString())
        .toList();
  }
}
