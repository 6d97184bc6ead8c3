package io.direktiv.local.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.functions.image.DistributionRegistry;
import io.direktiv.functions.image.DistributionRegistry.Pushed;
import io.direktiv.functions.image.TestTar;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./direktiv function run` as an author starts it, over a folder that is a root file system.
@Tag("e2e")
class RunFunctionE2eTest {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  @TempDir private Path folder;
  private Path root;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void makeRoot() throws IOException {
    boolean hasRunc =
        Stream.of("/usr/sbin/runc", "/usr/bin/runc", "/usr/bin/crun")
            .anyMatch(path -> Files.isExecutable(Path.of(path)));
    assumeTrue("root".equals(System.getProperty("user.name")), "the runtime oci needs root");
    assumeTrue(hasRunc, "neither runc nor crun is installed");
    assumeTrue(Files.isExecutable(BUSYBOX), "busybox-static is not installed");
    root = folder.resolve("rootfs");
    Path bin = Files.createDirectories(root.resolve("bin"));
    Files.copy(BUSYBOX, bin.resolve("busybox"));
    assertThat(bin.resolve("busybox").toFile().setExecutable(true)).isTrue();
    for (String applet : List.of("sh", "cat", "echo", "sleep")) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
  }

  /// What a root owns the test framework cannot remove.
  @AfterEach
  void removeImages() throws Exception {
    new ProcessBuilder("rm", "-rf", folder.resolve("cache").toString()).start().waitFor();
  }

  private Ran run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("./direktiv", "function", "run"));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("DIREKTIV_ISOLATION", "oci");
    builder.environment().put("DOCKER_CONFIG", folder.resolve("docker").toString());
    builder.environment().put("DIREKTIV_IMAGES_FOLDER", folder.resolve("cache/images").toString());
    Process process = builder.start();
    process.getOutputStream().close();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void printsResultLogAndTime() throws Exception {
    // when
    Ran ran =
        run(
            root.toString(),
            "--cmd",
            "echo working; cat /direktiv-data/data.in > /direktiv-data/data.out",
            "--input",
            "{\"name\":\"Alan\"}",
            "--network",
            "none");

    // then
    assertThat(ran.err).contains("info  working").containsPattern("took \\d+\\.\\d{3} s");
    assertThat(ran.out).isEqualTo("{\"name\":\"Alan\"}\n");
    assertThat(ran.code).isZero();
  }

  @Test
  void tellsAnErrorByItsCodeAlsoAsJson() throws Exception {
    // when
    String fails =
        "echo '{\"errorCode\":\"a.b\",\"errorMessage\":\"no\"}' > /direktiv-data/error.json";
    Ran ran = run(root.toString(), "--cmd", fails, "--json", "--network", "none");

    // then
    JsonObject told = (JsonObject) Json.parse(ran.out);
    assertThat(told.get("code")).isEqualTo(Json.of("a.b"));
    assertThat(told.get("message")).isEqualTo(Json.of("no"));
    assertThat(told.get("seconds")).isInstanceOf(JsonNumber.class);
    assertThat(ran.code).isEqualTo(1);
  }

  @Test
  void usesTheLoginOfDocker() throws Exception {
    // given
    Path config = Files.createDirectory(folder.resolve("docker"));
    try (DistributionRegistry registry =
        DistributionRegistry.start(Files.createDirectory(folder.resolve("registry")), true)) {
      String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
      byte[] layer =
          new TestTar()
              .owner(0, 0755)
              .file("bin/busybox", Files.readAllBytes(BUSYBOX))
              .link("bin/sh", "busybox")
              .link("bin/pwd", "busybox")
              .bytes();
      registry.push("org/tool:v1", List.of(new Pushed(architecture, layer)));
      String image = registry.host() + "/org/tool:v1";
      String[] arguments = {image, "--cmd", "/bin/pwd", "--contract", "stdio", "--network", "none"};

      // then
      assertThat(run(arguments).err)
          .contains("[direktiv.function.image] function")
          .contains("image \"" + image + "\" cannot be had: the registry at http://")
          .contains("wants a login: \"authentication required\" (HTTP 401)");

      // when
      String login = DistributionRegistry.USER + ":" + DistributionRegistry.PASSWORD;
      Files.writeString(
          config.resolve("config.json"),
          "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}"
              .formatted(registry.host(), Base64.getEncoder().encodeToString(login.getBytes())));
      Ran ran = run(arguments);

      // then
      assertThat(ran.err).contains("pulling image " + image + " (");
      assertThat(ran.out).as(ran.err).isEqualTo("\"/\"\n");
    }
  }

  @Test
  void stopsWhatRunsTooLong() throws Exception {
    // when
    Ran ran = run(root.toString(), "--cmd", "sleep 100", "--timeout", "1s", "--network", "none");

    // then
    assertThat(ran.err).contains("[direktiv.function.timeout]");
    assertThat(ran.code).isEqualTo(1);
  }

  @Test
  void saysWhatIsWrongWithItsArguments() throws Exception {
    assertThat(run(root.toString()).err).contains("give one with --cmd COMMAND");
    assertThat(run(root.toString(), "--cmd", "x", "--size", "huge").err)
        .contains("--size huge is not known; write one of small, medium, large");
    assertThat(run(folder + "/nothing", "--cmd", "x").err).contains("does not exist");
  }
}
