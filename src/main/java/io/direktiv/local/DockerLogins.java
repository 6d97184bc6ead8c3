package io.direktiv.local;

import io.direktiv.functions.ImageName;
import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.RegistryLogins;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.server.FileTrouble;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The logins that `docker login` left for this user (Docker's manual, "docker login", credential
/// stores): in its file, or with a program that the file names.
public final class DockerLogins implements RegistryLogins {
  private final Path file;
  private final Consumer<String> notes;
  private final Set<String> noted = ConcurrentHashMap.newKeySet();

  /// The logins of the user of `environment`, with notes on standard error.
  public static DockerLogins ofUser(Map<String, String> environment) {
    return new DockerLogins(environment, note -> System.err.println("direktiv: " + note));
  }

  /// @param notes takes a sentence when a login cannot be read; each only once
  DockerLogins(Map<String, String> environment, Consumer<String> notes) {
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    this.file =
        (folder.isEmpty() ? UserHome.of(environment).resolve(".docker") : Path.of(folder))
            .resolve("config.json");
    this.notes = notes;
  }

  /// The login for the longest part of the image's name.
  @Override
  public Optional<RegistryCredentials> find(String namespace, String image) {
    ImageName name = ImageName.of(image);
    JsonObject config = config();
    JsonObject auths = object(config, "auths");
    JsonObject helpers = object(config, "credHelpers");
    return Stream.concat(helpers.keys().stream(), auths.keys().stream())
        .filter(registry -> name.depthUnder(registry) >= 0)
        .max(Comparator.comparingInt(name::depthUnder))
        .flatMap(registry ->
            login(registry, auths.get(registry))
                .or(() ->
                    text(helpers, registry)
                        .or(() -> text(config, "credsStore"))
                        .flatMap(helper -> ask(helper, registry))));
  }

  private Optional<RegistryCredentials> ask(String helper, String registry) {
    try {
      return CredentialHelper.ask(helper, registry);
    } catch (IOException e) {
      note(
          "the helper that "
              + file
              + " names gives no login for "
              + registry
              + ": "
              + e.getMessage());
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static JsonObject object(JsonObject config, String key) {
    return config.get(key) instanceof JsonObject found ? found : JsonObject.EMPTY;
  }

  private static Optional<String> text(JsonObject object, String key) {
    return object.get(key) instanceof JsonString(String text) && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  private void note(String sentence) {
    if (noted.add(sentence)) {
      notes.accept(sentence);
    }
  }

  private static boolean isWithHelper(JsonObject config, ImageName name) {
    return config.get("credsStore") instanceof JsonString
            && config.get("auths") instanceof JsonObject auths
            && auths.keys().stream().anyMatch(registry -> name.depthUnder(registry) >= 0)
        || config.get("credHelpers") instanceof JsonObject helpers
            && helpers.keys().stream().anyMatch(registry -> name.depthUnder(registry) >= 0);
  }

  private JsonObject config() {
    try {
      if (Json.parse(Files.readAllBytes(file)) instanceof JsonObject config) {
        return config;
      }
    } catch (NoSuchFileException _) {
      return JsonObject.EMPTY;
    } catch (IOException e) {
      note(file + " cannot be read, so no login is used: " + FileTrouble.reason(e));
      return JsonObject.EMPTY;
    } catch (JsonException _) {
      // What stands there may be a password, so it is not repeated.
    }
    note(
        file
            + " is no JSON object, so no login is used; mend it or log in again with docker login");
    return JsonObject.EMPTY;
  }

  private static Optional<RegistryCredentials> login(String registry, Json entry) {
    if (!(entry instanceof JsonObject login)) {
      return Optional.empty();
    }
    return text(login, "identitytoken")
        .map(token -> RegistryCredentials.ofRefreshToken(registry, token))
        .or(() -> text(login, "auth").flatMap(auth -> decoded(registry, auth)));
  }

  private static Optional<RegistryCredentials> decoded(String registry, String auth) {
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
