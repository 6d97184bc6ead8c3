package io.direktiv.functions.image;

import static io.direktiv.functions.image.TestImage.config;
import static io.direktiv.functions.image.TestImage.descriptor;
import static io.direktiv.functions.image.TestImage.layer;
import static io.direktiv.functions.image.TestImage.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.functions.image.registry.Proxies;
import io.direktiv.functions.image.registry.Registries;
import io.direktiv.functions.image.unpack.Trees;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images that lie on this machine.
class LocalImagesTest {
  @TempDir private Path folder;
  private Images images;

  @BeforeEach
  void open() throws IOException {
    images =
        new Images(
            folder.resolve("cache"),
            new Registries(Set.of(), new Proxies(Map.of())),
            new ImageSettings(ImageLimits.DEFAULT, 0, List.of(folder), ImageLimits.PATIENCE));
  }

  /// The folder of the test framework does not remove what has no permissions.
  @AfterEach
  void close() throws IOException {
    images.close();
    Trees.delete(folder.resolve("cache"));
  }

  private Image provide(String reference) throws Exception {
    return images.provide(reference, Optional.empty(), PullProgress.NONE);
  }

  private void assertRefused(String reference, ImageException.Kind kind, String words) {
    assertThatThrownBy(() -> provide(reference))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e).hasMessageContaining(words);
            });
  }

  @Test
  void takesAnImageOfALayout() throws Exception {
    // given
    Path layout = Files.createDirectories(folder.resolve("layout/blobs/sha256"));
    byte[] layer = TestTar.gzip(layer());
    byte[] manifest = manifest(config(layer()), layer);
    for (byte[] blob : List.of(layer, manifest, config(layer()))) {
      Files.write(layout.resolve(Digest.of(blob).hex()), blob);
    }
    Json named =
        JsonObject.builder()
            .put("digest", Digest.of(manifest).toString())
            .put("size", manifest.length)
            .put("annotations", JsonObject.of("org.opencontainers.image.ref.name", Json.of("v1")))
            .build();
    Files.write(
        folder.resolve("layout/index.json"),
        JsonObject.of("manifests", JsonArray.of(named)).toBytes());

    // then
    for (String reference :
        List.of("oci:" + folder + "/layout", "oci:" + folder + "/layout:v1", folder + "/layout")) {
      try (Image image = provide(reference)) {
        assertThat(image.root().resolve("secret")).hasContent("of the owner");
      }
    }
    assertRefused(
        "oci:" + folder + "/layout:v2", ImageException.Kind.ABSENT, "no single \"v2\" but: v1");
  }

  @Test
  void takesAnImageOfAnArchive() throws Exception {
    // given what docker save writes
    byte[] config = config(layer());
    Path archive = folder.resolve("saved.tar");
    Files.write(
        archive,
        new TestTar()
            .file("config.json", config)
            .file("layer.tar", layer())
            .file(
                "manifest.json",
                "[{\"Config\":\"config.json\",\"RepoTags\":[\"x:v1\"],\"Layers\":[\"layer.tar\"]}]")
            .bytes());

    // then
    try (Image image = provide("docker-archive:" + archive + ":v1")) {
      assertThat(image.root().resolve("secret")).hasContent("of the owner");
    }
    assertRefused(
        "docker-archive:" + archive + ":v2", ImageException.Kind.ABSENT, "0 images of tag");
    assertRefused(
        "oci-archive:" + archive, ImageException.Kind.BROKEN, "lacks the file \"index.json\"");
  }

  @Test
  void saysThatALayoutLacksALayer() throws Exception {
    // given
    Path blobs = Files.createDirectories(folder.resolve("layout/blobs/sha256"));
    byte[] layer = TestTar.gzip(layer());
    byte[] manifest = manifest(config(layer()), layer);
    for (byte[] blob : List.of(manifest, config(layer()))) {
      Files.write(blobs.resolve(Digest.of(blob).hex()), blob);
    }
    Files.write(
        folder.resolve("layout/index.json"),
        JsonObject.of("manifests", JsonArray.of(descriptor(manifest))).toBytes());

    // then
    assertRefused(
        "oci:" + folder + "/layout",
        ImageException.Kind.BROKEN,
        "lacks the file \"blobs/sha256/" + Digest.of(layer).hex());
  }

  @Test
  void takesARootFileSystem() throws Exception {
    // given
    Path root = Files.createDirectories(folder.resolve("root/etc"));
    Files.writeString(root.resolve("name"), "sandbox");
    Files.createSymbolicLink(root.resolve("link"), Path.of("/etc/name"));

    // when
    try (Image image = provide(folder + "/root")) {
      // then
      assertThat(image.root().resolve("etc/name")).hasContent("sandbox");
      assertThat(Files.readSymbolicLink(image.root().resolve("etc/link")))
          .isEqualTo(Path.of("/etc/name"));
      assertThat(image.config().command()).isEmpty();
    }
  }

  @Test
  void takesNothingOfThisMachineThatIsNotAllowed() throws Exception {
    // given a link that leads away from where images may be taken
    Files.createSymbolicLink(folder.resolve("away"), Path.of("/etc"));

    // then
    for (String reference : List.of("/etc", folder + "/away", folder + "/../..", "oci:/etc")) {
      assertRefused(reference, ImageException.Kind.REFERENCE, "may not be taken from there");
    }
  }
}
