package io.direktiv.local;

import io.direktiv.functions.RegistryCredentials;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A program that keeps logins for Docker: `docker-credential-NAME get` reads the name of a
/// registry and prints its login (Docker's "credential helpers" protocol).
final class CredentialHelper {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
  private static final String PREFIX = "docker-credential-";
  private static final String UNKNOWN = "credentials not found";
  private static final long SECONDS_MAX = 20;

  /// The most that is read. It fits into a pipe, so the program ends without being read.
  private static final int BYTES_MAX = 32 << 10;

  private CredentialHelper() {}

  /// The login that `helper` has for `registry`; empty when it has none.
  ///
  /// @throws IOException when it cannot be asked; what it printed is not repeated
  static Optional<RegistryCredentials> ask(String helper, String registry)
      throws IOException, InterruptedException {
    if (!NAME.matcher(helper).matches()) {
      throw new IOException("its name is none");
    }
    Process process = start(PREFIX + helper);
    try {
      try (OutputStream in = process.getOutputStream()) {
        in.write(registry.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new IOException(PREFIX + helper + " did not answer within " + SECONDS_MAX + " s");
      }
      String said =
          new String(process.getInputStream().readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
      if (process.exitValue() == 0) {
        return Optional.of(read(helper, registry, said));
      }
      if (said.contains(UNKNOWN)) {
        return Optional.empty();
      }
      throw new IOException(PREFIX + helper + " ended with code " + process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(String program) throws IOException {
    try {
      return new ProcessBuilder(List.of(program, "get"))
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException _) {
      throw new IOException(program + " cannot be started");
    }
  }

  private static RegistryCredentials read(String helper, String registry, String said)
      throws IOException {
    try {
      if (Json.parse(said) instanceof JsonObject login
          && login.get("Username") instanceof JsonString(String user)
          && login.get("Secret") instanceof JsonString(String secret)) {
        // A user of a special name says that it is an identity token, here as in a login.
        return new RegistryCredentials(registry, user, secret);
      }
    } catch (JsonException _) {
      // It may hold a password, so it is not repeated.
    }
    throw new IOException(PREFIX + helper + " answers with something that is no login");
  }
}
