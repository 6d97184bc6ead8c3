package io.direktiv.functions.image.cache;

import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.Digest;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What references stood for when somebody was last let pull them, one small file for each. Losing
/// one costs a question.
///
/// Who it was is kept as a keyed hash of the login, whose key lies beside.
public final class Names {
  private static final String KEY = "key";
  private static final int KEY_BYTES = 32;

  private final Path folder;

  Names(Path folder) {
    this.folder = folder;
  }

  /// A reference that a login was let pull.
  ///
  /// @param who from [#who]
  /// @param manifest the digest of the manifest for this platform
  /// @param image the digest of the configuration
  /// @param origin the repository
  public record Name(
      String who, String reference, Digest manifest, Digest image, String origin, Instant at) {
    private JsonObject json() {
      return JsonObject.builder()
          .put("who", who)
          .put("reference", reference)
          .put("manifest", manifest.toString())
          .put("image", image.toString())
          .put("origin", origin)
          .put("at", at.toString())
          .build();
    }
  }

  /// Stands for a login, which cannot be told from it; empty for nobody.
  public String who(Optional<RegistryCredentials> login) throws IOException {
    if (login.isEmpty()) {
      return "";
    }
    MessageDigest computed = Digest.startSha256();
    computed.update(key());
    for (String part : List.of(login.get().registry(), login.get().user(), login.get().token())) {
      computed.update(part.getBytes(StandardCharsets.UTF_8));
      computed.update((byte) 0);
    }
    return Digest.of(computed).hex();
  }

  private synchronized byte[] key() throws IOException {
    Path file = folder.resolve(KEY);
    if (!Files.exists(file)) {
      byte[] fresh = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(fresh);
      Durable.write(file, fresh);
    }
    return Files.readAllBytes(file);
  }

  private Path file(String who, String reference) {
    byte[] key = (who + " " + reference).getBytes(StandardCharsets.UTF_8);
    return folder.resolve(Digest.of(key).hex());
  }

  /// Remembers `name`.
  public void put(Name name) throws IOException {
    Durable.write(file(name.who(), name.reference()), name.json().toBytes());
  }

  /// What `reference` stood for when `who` was let pull it.
  public Optional<Name> find(String who, String reference) throws IOException {
    Path file = file(who, reference);
    return Files.exists(file) ? read(file) : Optional.empty();
  }

  /// Forgets what `reference` stood for when `who` was let pull it.
  public void remove(String who, String reference) throws IOException {
    Files.deleteIfExists(file(who, reference));
  }

  /// Everything that is remembered.
  public List<Name> all() throws IOException {
    List<Name> found = new ArrayList<>();
    for (Path file : Cache.list(folder)) {
      read(file).ifPresent(found::add);
    }
    return found;
  }

  /// What cannot be read was not remembered.
  private static Optional<Name> read(Path file) {
    try {
      return Json.parse(Files.readAllBytes(file)) instanceof JsonObject json
          ? Optional.of(
              new Name(
                  text(json, "who"),
                  text(json, "reference"),
                  Digest.parse(text(json, "manifest")).orElseThrow(),
                  Digest.parse(text(json, "image")).orElseThrow(),
                  text(json, "origin"),
                  Instant.parse(text(json, "at"))))
          : Optional.empty();
    } catch (IOException | JsonException | DateTimeException | java.util.NoSuchElementException _) {
      return Optional.empty();
    }
  }

  private static String text(JsonObject json, String key) {
    return json.get(key) instanceof JsonString(String text) ? text : "";
  }
}
