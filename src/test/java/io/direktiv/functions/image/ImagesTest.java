package io.direktiv.functions.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.direktiv.functions.image.registry.Registries;
import io.direktiv.functions.image.unpack.Trees;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images of registries that serve what they hold over HTTP (OCI distribution specification).
class ImagesTest {
  private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private final List<HttpServer> servers = new ArrayList<>();
  private Images images;

  @BeforeEach
  void open() throws IOException {
    images = new Images(folder, new Registries(Set.of()), 0, ImageLimits.DEFAULT);
  }

  /// The folder of the test framework does not remove what has no permissions.
  @AfterEach
  void close() throws IOException {
    images.close();
    servers.forEach(server -> server.stop(0));
    Trees.delete(folder.resolve("roots"));
  }

  private static byte[] layer() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(new TestTar().file("secret", "of the owner").bytes());
    }
    return out.toByteArray();
  }

  private static Json descriptor(byte[] blob) {
    return JsonObject.builder()
        .put("digest", Digest.of(blob).toString())
        .put("size", blob.length)
        .build();
  }

  private static byte[] manifest(byte[] layer) {
    return JsonObject.builder()
        .put("schemaVersion", 2)
        .put("config", descriptor(CONFIG))
        .put("layers", JsonArray.of(descriptor(layer)))
        .build()
        .toBytes();
  }

  /// A registry with one manifest and these blobs; returns the reference of its image.
  private String registry(byte[] manifest, byte[]... blobs) throws IOException {
    Map<String, byte[]> held = new HashMap<>();
    held.put("/v2/x/manifests/v1", manifest);
    for (byte[] blob : blobs) {
      held.put("/v2/x/blobs/" + Digest.of(blob), blob);
    }
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] found = held.get(exchange.getRequestURI().getPath());
          exchange
              .getResponseHeaders()
              .set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
          exchange.sendResponseHeaders(
              found == null ? 404 : 200, found == null ? -1 : found.length);
          if (found != null) {
            exchange.getResponseBody().write(found);
          }
          exchange.close();
        });
    server.start();
    servers.add(server);
    return "127.0.0.1:" + server.getAddress().getPort() + "/x:v1";
  }

  private Image provide(String reference) throws Exception {
    return images.provide(reference, Optional.empty(), _ -> {});
  }

  @Test
  void unpacksAnImageOnceForARepository() throws Exception {
    // given
    byte[] layer = layer();
    String reference = registry(manifest(layer), layer, CONFIG);

    // when
    try (Image first = provide(reference);
        Image second = provide(reference)) {
      // then
      assertThat(first.root().resolve("secret")).hasContent("of the owner");
      assertThat(second.root()).isEqualTo(first.root());
    }
  }

  @Test
  void givesNothingToWhoOnlyKnowsAManifest() throws Exception {
    // given an image that is here, and a registry that has its manifest and no blob
    byte[] layer = layer();
    provide(registry(manifest(layer), layer, CONFIG)).close();
    String evil = registry(manifest(layer));

    // then
    assertThatThrownBy(() -> provide(evil))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(ImageException.Kind.ABSENT));
  }

  @Test
  void saysThatALayerIsBroken() throws Exception {
    // given
    byte[] whole = layer();
    byte[] layer = Arrays.copyOf(whole, whole.length / 2);
    String reference = registry(manifest(layer), layer, CONFIG);

    // then
    assertThatThrownBy(() -> provide(reference))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(ImageException.Kind.BROKEN));
    assertThat(Files.list(folder.resolve("aside"))).isEmpty();
  }
}
