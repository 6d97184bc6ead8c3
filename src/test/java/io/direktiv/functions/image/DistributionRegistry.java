package io.direktiv.functions.image;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Debian's `docker-registry` on a port of this machine, filled by `skopeo`.
public final class DistributionRegistry implements AutoCloseable {
  public static final String USER = "bot";
  public static final String PASSWORD = "good";

  /// The password above, as bcrypt has it, which is all that this registry reads.
  private static final String HASH =
      "bot:$2b$05$LH8LHS4eqTaAmzmpuoWOa.4ZO9X6SentF8fjPQAN3dtN.6h1xhXb2\n";

  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

  private final Path folder;
  private final Process process;
  private final String host;
  private final boolean wantsLogin;

  private DistributionRegistry(Path folder, Process process, String host, boolean wantsLogin) {
    this.folder = folder;
    this.process = process;
    this.host = host;
    this.wantsLogin = wantsLogin;
  }

  /// Starts one, or aborts the test with the name of the package that is missing.
  ///
  /// @param wantsLogin true when nobody but [#USER] gets anything
  public static DistributionRegistry start(Path folder, boolean wantsLogin) throws IOException {
    assumeTrue(isInstalled("docker-registry"), "docker-registry is not installed");
    assumeTrue(isInstalled("skopeo"), "skopeo is not installed");
    Files.writeString(folder.resolve("htpasswd"), HASH);
    String auth = "auth: {htpasswd: {realm: test, path: \"" + folder.resolve("htpasswd") + "\"}}\n";
    Path settings = folder.resolve("registry.yml");
    Files.writeString(
        settings,
        "version: 0.1\nlog: {level: info}\nhttp: {addr: \"127.0.0.1:0\"}\n"
            + "storage: {filesystem: {rootdirectory: \""
            + folder.resolve("store")
            + "\"}}\n"
            + (wantsLogin ? auth : ""));
    Process process =
        new ProcessBuilder("docker-registry", "serve", settings.toString())
            .redirectErrorStream(true)
            .start();
    return new DistributionRegistry(folder, process, host(process), wantsLogin);
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  /// Where it says that it listens; what it says later is read and dropped.
  private static String host(Process process) throws IOException {
    BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        Thread.ofVirtual().start(() -> log.lines().forEach(_ -> {}));
        return listening.group(1);
      }
      said.append(line).append('\n');
    }
    throw new IOException("docker-registry ended: " + said);
  }

  /// Host and port.
  public String host() {
    return host;
  }

  /// An image of one layer.
  ///
  /// @param architecture as OCI calls it
  public record Pushed(String architecture, byte[] layer) {}

  /// Pushes `images` as `name`; several become a list of platforms.
  public void push(String name, List<Pushed> images, String... options)
      throws IOException, InterruptedException {
    Path layout = Files.createTempDirectory(folder, "layout");
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    List<Json> manifests = new ArrayList<>();
    for (Pushed image : images) {
      manifests.add(manifest(blobs, image));
    }
    Json root = manifests.getFirst();
    if (manifests.size() > 1) {
      root =
          descriptor(
              "application/vnd.oci.image.index.v1+json",
              write(
                  blobs,
                  JsonObject.builder()
                      .put("schemaVersion", 2)
                      .put("mediaType", "application/vnd.oci.image.index.v1+json")
                      .put("manifests", JsonArray.of(manifests))
                      .build()
                      .toBytes()));
    }
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.write(
        layout.resolve("index.json"),
        JsonObject.builder()
            .put("schemaVersion", 2)
            .put("manifests", JsonArray.of(root))
            .build()
            .toBytes());
    skopeo(layout, name, options);
  }

  private void skopeo(Path layout, String name, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("skopeo", "--insecure-policy", "copy", "--all", "--dest-tls-verify=false"));
    if (wantsLogin) {
      command.addAll(List.of("--dest-creds", USER + ":" + PASSWORD));
    }
    command.addAll(List.of(options));
    command.addAll(List.of("oci:" + layout, "docker://" + host + "/" + name));
    Process skopeo = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!skopeo.waitFor(1, TimeUnit.MINUTES) || skopeo.exitValue() != 0) {
      throw new IOException("skopeo: " + said);
    }
  }

  private static Json manifest(Path blobs, Pushed image) throws IOException {
    byte[] config =
        JsonObject.builder()
            .put("os", "linux")
            .put("architecture", image.architecture())
            .put(
                "rootfs",
                JsonObject.builder()
                    .put("type", "layers")
                    .put("diff_ids", JsonArray.of(Json.of(Digest.of(image.layer()).toString())))
                    .build())
            .build()
            .toBytes();
    byte[] layer = write(blobs, TestTar.gzip(image.layer()));
    byte[] manifest =
        JsonObject.builder()
            .put("schemaVersion", 2)
            .put("mediaType", "application/vnd.oci.image.manifest.v1+json")
            .put(
                "config",
                descriptor("application/vnd.oci.image.config.v1+json", write(blobs, config)))
            .put(
                "layers",
                JsonArray.of(descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)))
            .build()
            .toBytes();
    return JsonObject.builder()
        .put("mediaType", "application/vnd.oci.image.manifest.v1+json")
        .put("digest", Digest.of(write(blobs, manifest)).toString())
        .put("size", manifest.length)
        .put(
            "platform",
            JsonObject.builder()
                .put("os", "linux")
                .put("architecture", image.architecture())
                .build())
        .build();
  }

  private static Json descriptor(String type, byte[] blob) {
    return JsonObject.builder()
        .put("mediaType", type)
        .put("digest", Digest.of(blob).toString())
        .put("size", blob.length)
        .build();
  }

  private static byte[] write(Path blobs, byte[] blob) throws IOException {
    Files.write(blobs.resolve(Digest.of(blob).hex()), blob);
    return blob;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
