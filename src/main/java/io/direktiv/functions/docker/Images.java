package io.direktiv.functions.docker;

import io.direktiv.engine.Codes;
import io.direktiv.functions.ImageFacts;
import io.direktiv.functions.ImageName;
import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Sees to it that an engine has an image. Safe for use by many threads.
///
/// An image that is there is used as it is, without the network; only the tag `latest` is checked
/// for a newer one (reference 1.4), at most once each [Limits#CHECK_PERIOD]. Calls that want the
/// same image with the same login share one pull.
final class Images {
  private static final Pattern REFERENCE = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._:/@-]{0,511}");
  private static final int CHECKS_MAX = 10_000;

  private record Pull(String engine, String image, Optional<RegistryCredentials> login) {}

  private final Executor threads;
  private final Map<Pull, CompletableFuture<Optional<String>>> pulls = new ConcurrentHashMap<>();
  private final Map<Pull, Long> checks = new ConcurrentHashMap<>();

  /// Images that are pulled on `threads`.
  Images(Executor threads) {
    this.threads = threads;
  }

  /// Pulls the sandbox's image when it is needed.
  ///
  /// @param stopped completes when nobody wants the image any more; then this returns early
  void provide(
      EngineClient engine,
      Sandbox sandbox,
      Consumer<OutputLine> output,
      CompletableFuture<Void> stopped)
      throws SandboxException, IOException {
    String image = sandbox.image();
    if (!REFERENCE.matcher(image).matches() || image.contains("..") || image.contains("//")) {
      throw refused(image, "it is no reference of an image", "write HOST/NAME:TAG or NAME:TAG");
    }
    Pull pull = new Pull(engine.address().text(), image, sandbox.credentials());
    Optional<JsonObject> present = present(engine, image);
    if (present.isPresent() && !isCheckDue(present.get(), pull)) {
      return;
    }
    if (present.isEmpty()) {
      output.accept(OutputLine.note(false, "Pulling image '" + image + "'."));
    }
    Duration time = present.isEmpty() ? Limits.PULL_TIME : Limits.CHECK_TIME;
    CompletableFuture<Optional<String>> pulling = pulling(engine, pull, time);
    CompletableFuture.anyOf(pulling, stopped).join();
    Optional<String> problem = pulling.isDone() ? pulling.join() : Optional.empty();
    if (stopped.isDone() || problem.isEmpty()) {
      return;
    }
    if (present.isEmpty()) {
      throw refused(image, problem.get(), advice(sandbox));
    }
    output.accept(
        OutputLine.note(
            true,
            "Image '"
                + image
                + "' was not checked for a newer one, the copy that is here is used: "
                + problem.get()));
  }

  private static Optional<JsonObject> present(EngineClient engine, String image)
      throws SandboxException, IOException {
    try {
      return Optional.of(engine.get("/images/" + image + "/json"));
    } catch (EngineException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw refused(image, e.getMessage(), "write HOST/NAME:TAG or NAME:TAG");
    }
  }

  /// What the engine says of an image; nothing when it does not have it.
  ImageFacts facts(EngineClient engine, String image) throws SandboxException, IOException {
    return present(engine, image)
        .map(content -> new ImageFacts(id(content), exposedPorts(content)))
        .orElse(new ImageFacts("", Set.of()));
  }

  private static String id(JsonObject image) {
    return image.get("Id") instanceof JsonString(String id) ? id : "";
  }

  private static Set<String> exposedPorts(JsonObject image) {
    return image.get("Config") instanceof JsonObject config
            && config.get("ExposedPorts") instanceof JsonObject ports
        ? ports.keys()
        : Set.of();
  }

  private boolean isCheckDue(JsonObject present, Pull pull) {
    if (!ImageName.of(pull.image()).tag().equals("latest") || isOnlyHere(present)) {
      return false;
    }
    Long last = checks.get(pull);
    return last == null || System.nanoTime() - last > Limits.CHECK_PERIOD.toNanos();
  }

  /// True for an image that was built or loaded here and has no registry: Docker gives it no digest
  /// of one, Podman a name under `localhost/`.
  private static boolean isOnlyHere(JsonObject present) {
    boolean hasDigests =
        present.get("RepoDigests") instanceof JsonArray digests && !digests.isEmpty();
    boolean isLocal =
        present.get("RepoTags") instanceof JsonArray tags
            && tags.toList().stream()
                .anyMatch(
                    tag -> tag instanceof JsonString(String text) && text.startsWith("localhost/"));
    return !hasDigests || isLocal;
  }

  private CompletableFuture<Optional<String>> pulling(
      EngineClient engine, Pull pull, Duration time) {
    CompletableFuture<Optional<String>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<String>> first = pulls.putIfAbsent(pull, mine);
    if (first != null) {
      return first;
    }
    threads.execute(() -> {
      Optional<String> problem;
      try {
        problem = pull(engine, pull, time);
      } catch (IOException | RuntimeException e) {
        problem = Optional.of(String.valueOf(e.getMessage()));
      }
      if (checks.size() > CHECKS_MAX) {
        checks.clear();
      }
      checks.put(pull, System.nanoTime());
      pulls.remove(pull);
      mine.complete(problem);
    });
    return mine;
  }

  /// Pulls; returns the registry's answer when it refused.
  private static Optional<String> pull(EngineClient engine, Pull pull, Duration time)
      throws IOException {
    String tag = ImageName.of(pull.image()).tag();
    String name =
        pull.image().endsWith(":" + tag)
            ? pull.image().substring(0, pull.image().length() - tag.length() - 1)
            : pull.image();
    String path =
        "/images/create?fromImage="
            + EngineClient.encode(name)
            + "&tag="
            + EngineClient.encode(tag);
    Map<String, String> headers =
        pull.login()
            .map(login -> Map.of("X-Registry-Auth", header(login, pull.image())))
            .orElse(Map.of());
    try (Answer answer = engine.open("POST", path, headers, time)) {
      return problem(answer.requireSuccess().body());
    } catch (EngineException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static String header(RegistryCredentials login, String image) {
    JsonObject.Builder json = JsonObject.builder().put("serveraddress", ImageName.of(image).host());
    if (login.isRefreshToken()) {
      json.put("identitytoken", login.token());
    } else {
      json.put("username", login.user()).put("password", login.token());
    }
    return Base64.getUrlEncoder().encodeToString(json.build().toBytes());
  }

  /// The report of a pull is a line of JSON for each step; a failure is one of them, under a status
  /// that says yes.
  private static Optional<String> problem(InputStream report) throws IOException {
    Optional<String> problem = Optional.empty();
    for (Optional<String> line = Answer.optionalLine(report);
        line.isPresent();
        line = Answer.optionalLine(report)) {
      Optional<String> found = error(line.get());
      problem = found.isPresent() ? found : problem;
    }
    return problem;
  }

  private static Optional<String> error(String line) {
    try {
      return !line.isBlank()
              && Json.parse(line) instanceof JsonObject step
              && step.get("error") instanceof JsonString(String text)
          ? Optional.of(text)
          : Optional.empty();
    } catch (JsonException _) {
      return Optional.empty();
    }
  }

  private static String advice(Sandbox sandbox) {
    String host = ImageName.of(sandbox.image()).host();
    return "check the name and tag"
        + (sandbox.credentials().isPresent()
            ? " and the namespace's login for " + host
            : ", give the namespace a login for " + host + " when the registry wants one")
        + ", or load the image into the engine";
  }

  private static SandboxException refused(String image, String answer, String advice) {
    return new SandboxException(
        Codes.FUNCTION_IMAGE, "image \"" + image + "\" cannot be had: " + answer + "; " + advice);
  }
}
