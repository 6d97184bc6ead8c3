package io.direktiv.local;

import io.direktiv.functions.ImageName;
import io.direktiv.functions.RegistryCredentials;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.server.UserHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The logins that `docker login` left for this user (Docker's manual, "docker login", credential
/// stores): those in its file. Programs that keep logins elsewhere are not asked.
final class DockerLogins {
  private static final String REFRESH_USER = "<token>";
  private final Path file;
  private final Consumer<String> notes;

  /// @param notes takes a sentence when a login may be where it is not looked for
  DockerLogins(Map<String, String> environment, Consumer<String> notes) {
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    this.file =
        (folder.isEmpty() ? UserHome.of(environment).resolve(".docker") : Path.of(folder))
            .resolve("config.json");
    this.notes = notes;
  }

  /// The login for the longest part of the image's name.
  Optional<RegistryCredentials> find(String image) throws IOException {
    ImageName name = ImageName.of(image);
    JsonObject config = config();
    Optional<RegistryCredentials> found =
        config.get("auths") instanceof JsonObject auths
            ? auths.keys().stream()
                .filter(registry -> name.depthUnder(registry) >= 0)
                .max(Comparator.comparingInt(name::depthUnder))
                .flatMap(registry -> login(registry, auths.get(registry)))
            : Optional.empty();
    if (found.isEmpty() && isWithHelper(config, name)) {
      notes.accept(
          file
              + " says that a helper keeps logins for "
              + name.host()
              + ", which is not asked; use --user if the image is private");
    }
    return found;
  }

  private static boolean isWithHelper(JsonObject config, ImageName name) {
    return config.get("credsStore") instanceof JsonString
            && config.get("auths") instanceof JsonObject auths
            && auths.keys().stream().anyMatch(registry -> name.depthUnder(registry) >= 0)
        || config.get("credHelpers") instanceof JsonObject helpers
            && helpers.keys().stream().anyMatch(registry -> name.depthUnder(registry) >= 0);
  }

  private JsonObject config() throws IOException {
    try {
      if (Json.parse(Files.readAllBytes(file)) instanceof JsonObject config) {
        return config;
      }
    } catch (NoSuchFileException _) {
      return JsonObject.EMPTY;
    } catch (JsonException _) {
      // What stands there may be a password, so it is not repeated.
    }
    throw new IOException(file + " is no JSON object; mend it or log in again with docker login");
  }

  private static Optional<RegistryCredentials> login(String registry, Json entry) {
    if (!(entry instanceof JsonObject login)) {
      return Optional.empty();
    }
    if (login.get("identitytoken") instanceof JsonString(String token) && !token.isEmpty()) {
      return Optional.of(new RegistryCredentials(registry, REFRESH_USER, token));
    }
    if (!(login.get("auth") instanceof JsonString(String auth)) || auth.isEmpty()) {
      return Optional.empty();
    }
    try {
      String text = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon <= 0
          ? Optional.empty()
          : Optional.of(
              new RegistryCredentials(
                  registry, text.substring(0, colon), text.substring(colon + 1)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
