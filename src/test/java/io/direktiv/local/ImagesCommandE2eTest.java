package io.direktiv.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.functions.image.DistributionRegistry;
import io.direktiv.functions.image.DistributionRegistry.Pushed;
import io.direktiv.functions.image.TestTar;
import io.direktiv.functions.image.cache.Cache;
import io.direktiv.functions.image.cache.Lease;
import io.direktiv.functions.image.cache.Roots;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `./direktiv images` as a user starts it, with a registry that wants a login.
@Tag("e2e")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ImagesCommandE2eTest {
  private static final String DIGEST = "sha256:[0-9a-f]{64}";

  @TempDir private Path folder;
  private DistributionRegistry registry;
  private String image;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void start() throws Exception {
    registry = DistributionRegistry.start(Files.createDirectory(folder.resolve("registry")), true);
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    registry.push(
        "org/tool:v1", List.of(new Pushed(architecture, new TestTar().file("name", "it").bytes())));
    image = registry.host() + "/org/tool:v1";
  }

  /// What a root owns the test framework cannot remove.
  @AfterEach
  void stop() throws Exception {
    if (registry != null) {
      registry.close();
    }
    new ProcessBuilder("rm", "-rf", images().toString()).start().waitFor();
  }

  private Path images() {
    return folder.resolve("images");
  }

  private Ran images(String... arguments) throws Exception {
    return run("", arguments);
  }

  private Ran run(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("./direktiv", "images"));
    command.addAll(List.of(arguments));
    return start(input, command);
  }

  private Ran start(String input, List<String> command) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("DIREKTIV_IMAGES_FOLDER", images().toString());
    builder.environment().put("DOCKER_CONFIG", folder.toString());
    builder
        .environment()
        .merge("PATH", folder.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    builder.environment().remove("DIREKTIV_FLOW_REGISTRY_TOKEN");
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /// What `docker login` writes.
  private void logIn() throws IOException {
    String login = DistributionRegistry.USER + ":" + DistributionRegistry.PASSWORD;
    String auth = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    Files.write(
        folder.resolve("config.json"),
        JsonObject.of("auths", JsonObject.of(registry.host(), JsonObject.of("auth", Json.of(auth))))
            .toBytes());
  }

  private JsonArray list() throws Exception {
    Ran ran = images("list", "--json");
    assertThat(ran.code).isZero();
    return (JsonArray) Json.parse(ran.out);
  }

  @Test
  void pullsWithTheLoginOfDockerAndRemovesWithoutTheRegistry() throws Exception {
    // given
    logIn();

    // when
    Ran pulled = images("pull", image);

    // then
    assertThat(pulled.err).startsWith("pulling image " + image);
    assertThat(pulled.out).matches(DIGEST + "\n");
    assertThat(pulled.code).isZero();

    // given that nobody can be asked
    registry.close();

    // then
    assertThat(list().toList())
        .singleElement()
        .isInstanceOfSatisfying(
            JsonObject.class,
            kept -> {
              assertThat(kept.get("references")).isEqualTo(JsonArray.of(Json.of(image)));
              assertThat(kept.get("inUse")).isEqualTo(Json.of(false));
            });
    assertThat(images("list").out).contains("MiB").contains(image);

    // when
    Ran removed = images("remove", image, "nothing");

    // then
    assertThat(removed.out).isEqualTo("removed " + image + "\n");
    assertThat(removed.err).contains("no image is called nothing; see direktiv images list");
    assertThat(removed.code).isEqualTo(1);
    assertThat(list().toList()).isEmpty();
  }

  @Test
  void asksTheProgramThatKeepsLoginsForDocker() throws Exception {
    // given
    Path helper = Files.createDirectory(folder.resolve("bin")).resolve("docker-credential-test");
    Files.writeString(
        helper,
        """
        #!/bin/sh
        [ "$1 $(cat)" = "get %s" ] || { echo credentials not found in native keychain; exit 1; }
        echo '{"ServerURL": "it", "Username": "bot", "Secret": "good"}'
        """
            .formatted(registry.host()));
    assertThat(helper.toFile().setExecutable(true)).isTrue();
    Files.writeString(
        folder.resolve("config.json"),
        "{\"auths\": {\"%s\": {}}, \"credsStore\": \"test\"}".formatted(registry.host()));

    // when
    Ran ran = images("pull", image);

    // then
    assertThat(ran.err).startsWith("pulling image " + image);
    assertThat(ran.code).isZero();
  }

  @Test
  void takesAPasswordFromStandardInput() throws Exception {
    // when
    Ran wrong = run("bad\n", "pull", image, "--user", "bot", "--password-stdin");

    // then
    assertThat(wrong.err)
        .contains("image \"" + image + "\" cannot be had: the registry at http://")
        .contains("refuses the login: \"authentication required\" (HTTP 401); check the name");
    assertThat(wrong.code).isEqualTo(1);

    // when
    Ran right = run("good\n", "pull", image, "--user", "bot", "--password-stdin", "--json");

    // then
    assertThat(right.code).isZero();
    JsonObject told = (JsonObject) Json.parse(right.out);
    assertThat(told.get("image")).isEqualTo(Json.of(image));
    assertThat(told.get("digest"))
        .isInstanceOfSatisfying(JsonString.class, it -> assertThat(it.value()).matches(DIGEST));
  }

  @Test
  void leavesWhatAnotherProcessUses() throws Exception {
    // given an image that this process uses
    logIn();
    images("pull", image);
    try (Cache cache = Cache.open(images())) {
      Roots.Entry root = cache.roots().all().getFirst();
      String origin = root.origins().iterator().next();
      Lease lease = cache.roots().lease(root.key(), origin).orElseThrow();

      // when
      Ran removed = images("remove", image);
      Ran pruned = images("prune");

      // then
      assertThat(removed.err).contains(image + " is in use; remove it when nothing runs in it");
      assertThat(removed.code).isEqualTo(1);
      assertThat(pruned.code).isZero();
      assertThat(lease.root().resolve("name")).hasContent("it");
      assertThat(images("list").out).containsPattern("yes +" + image);
      lease.close();
    }

    // then
    assertThat(images("prune", "--unused", "1d").code).isZero();
    assertThat(list().toList()).hasSize(1);
    assertThat(images("prune", "--json").out)
        .matches("\\{\"removedBytes\":[1-9]\\d*,\"bytes\":0}\n");
  }

  @Test
  void showsHowFarItIsOnATerminal() throws Exception {
    // given
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "there is no script(1)");
    logIn();

    // when
    Ran ran =
        start(
            "",
            List.of("script", "-qec", "./direktiv images pull " + image, folder + "/typescript"));

    // then
    assertThat(Files.readString(folder.resolve("typescript")))
        .contains("\r\033[K")
        .containsPattern("\\[[#-]{24}\\] \\d+\\.\\d of \\d+\\.\\d MiB")
        .contains("unpacked 1 of 1 layers\r\033[K")
        .containsPattern("\\R?" + DIGEST);
    assertThat(ran.code).isZero();
  }

  @Test
  void saysWhatIsWrongOnTheCommandLine() throws Exception {
    assertThat(images("pull", image, "--user", "bot"))
        .isEqualTo(
            new Ran(
                2,
                "",
                "direktiv: --user needs the password in the variable DIREKTIV_FLOW_REGISTRY_TOKEN\n"));
    assertThat(images("pull", image, "--password-stdin"))
        .isEqualTo(new Ran(2, "", "direktiv: --password-stdin needs --user\n"));
    assertThat(images("prune", "--to", "much").code).isEqualTo(2);
    Files.writeString(folder.resolve("config.json"), "no json but a canary");
    assertThat(images("pull", image).err).contains("config.json").doesNotContain("canary");
  }
}
