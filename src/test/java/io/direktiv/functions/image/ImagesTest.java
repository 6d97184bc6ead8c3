package io.direktiv.functions.image;

import static io.direktiv.functions.image.TestImage.config;
import static io.direktiv.functions.image.TestImage.layer;
import static io.direktiv.functions.image.TestImage.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.registry.Proxies;
import io.direktiv.functions.image.registry.Registries;
import io.direktiv.functions.image.unpack.Trees;
import io.direktiv.functions.image.unpack.UnpackLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Images of registries that serve what they hold over HTTP (OCI distribution specification).
class ImagesTest {
  @TempDir private Path folder;
  private final List<HttpServer> servers = new ArrayList<>();
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();
  private final List<String> notes = new CopyOnWriteArrayList<>();
  private Images images;

  @BeforeEach
  void open() throws IOException {
    images = images(ImageLimits.DEFAULT);
  }

  private Images images(ImageLimits limits) throws IOException {
    return images("cache", limits);
  }

  private Images images(String place, ImageLimits limits) throws IOException {
    return new Images(
        folder.resolve(place),
        new Registries(Set.of(), new Proxies(Map.of())),
        new ImageSettings(limits, 0, List.of(folder), ImageLimits.PATIENCE));
  }

  /// The folder of the test framework does not remove what has no permissions.
  @AfterEach
  void close() throws IOException {
    images.close();
    servers.forEach(server -> server.stop(0));
    Trees.delete(folder.resolve("cache"));
  }

  /// A registry with one manifest and these blobs; returns the reference of its image.
  private String registry(byte[] manifest, byte[]... blobs) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    servers.add(server);
    serve(manifest, blobs);
    server.start();
    return "127.0.0.1:" + server.getAddress().getPort() + "/x:v1";
  }

  private void serve(byte[] manifest, byte[]... blobs) {
    Map<String, byte[]> held = new HashMap<>();
    held.put("/v2/x/manifests/v1", manifest);
    for (byte[] blob : blobs) {
      held.put("/v2/x/blobs/" + Digest.of(blob), blob);
    }
    servers
        .getLast()
        .createContext(
            "/",
            exchange -> {
              byte[] found = held.get(exchange.getRequestURI().getPath());
              asked.merge(exchange.getRequestURI().getPath(), 1, Integer::sum);
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
  }

  private Image provide(String reference) throws Exception {
    return images.provide(reference, Optional.empty(), PullProgress.lines(notes::add));
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
  void unpacksAnImageOnceForARepository() throws Exception {
    // given
    byte[] layer = TestTar.gzip(layer());
    String reference = registry(manifest(config(layer()), layer), layer, config(layer()));

    // when
    try (Image first = provide(reference);
        Image second = provide(reference)) {
      // then
      assertThat(first.root().resolve("secret")).hasContent("of the owner");
      assertThat(second.root()).isEqualTo(first.root());
    }
    assertThat(notes).singleElement().asString().startsWith("pulling image " + reference);
  }

  @Test
  void givesAnImageToManyThatWantItAtOnce() throws Exception {
    // given
    byte[] layer = TestTar.gzip(layer());
    String reference = registry(manifest(config(layer()), layer), layer, config(layer()));

    // when
    List<Callable<Path>> calls =
        Collections.nCopies(
            16,
            () -> {
              try (Image image = provide(reference)) {
                return image.root();
              }
            });
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      // then
      assertThat(threads.invokeAll(calls))
          .extracting(Future::get)
          .hasSize(16)
          .satisfies(roots -> assertThat(Set.copyOf(roots)).hasSize(1));
    }
    assertThat(asked).containsEntry("/v2/x/blobs/" + Digest.of(layer), 1);
  }

  @Test
  void sharesAFolderThatIsOpenTwice() throws Exception {
    // given two over one folder, by different names
    byte[] layer = TestTar.gzip(layer());
    String reference = registry(manifest(config(layer()), layer), layer, config(layer()));
    Files.createSymbolicLink(folder.resolve("same"), folder.resolve("cache"));
    try (Images other = images("same", ImageLimits.DEFAULT)) {
      // when
      Image here = provide(reference);
      Image there = other.provide(reference, Optional.empty(), PullProgress.NONE);

      // then
      assertThat(there.root()).isEqualTo(here.root());
      assertThat(asked).containsEntry("/v2/x/blobs/" + Digest.of(layer), 1);
      here.close();
      assertThat(other.list()).extracting(Images.Kept::isInUse).containsExactly(true);

      // when one is closed, and closed again
      images.close();
      images.close();

      // then
      assertThat(other.remove(other.list().getFirst())).isFalse();
      there.close();
      other.provide(reference, Optional.empty(), PullProgress.NONE).close();
      assertThat(other.remove(other.list().getFirst())).isTrue();
    }
  }

  @Test
  void fetchesALayerThatImagesOfARepositoryShareOnce() throws Exception {
    // given two images of one repository above the same layer
    byte[] shared = TestTar.gzip(layer());
    byte[] mine = TestTar.gzip(layer("mine"));
    byte[] config = config(layer(), layer("mine"));
    String reference =
        registry(manifest(config(layer()), shared), shared, mine, config(layer()), config);
    provide(reference).close();
    servers.getLast().removeContext("/");
    serve(manifest(config, shared, mine), shared, mine, config(layer()), config);

    // when
    images.close();
    images = images(ImageLimits.DEFAULT);
    try (Image image = provide(reference)) {
      // then
      assertThat(image.root().resolve("secret")).hasContent("mine");
      assertThat(asked).containsEntry("/v2/x/blobs/" + Digest.of(shared), 1);
    }
  }

  @Test
  void givesNothingToWhoOnlyKnowsAManifest() throws Exception {
    // given an image that is here, and a registry that has its manifest and no blob
    byte[] layer = TestTar.gzip(layer());
    byte[] manifest = manifest(config(layer()), layer);
    provide(registry(manifest, layer, config(layer()))).close();

    // then
    assertRefused(registry(manifest), ImageException.Kind.ABSENT, "no blob");
  }

  @Test
  void takesNoLayerThatIsNotTheOneOfTheConfiguration() throws Exception {
    // given another layer under the configuration of a good image
    byte[] config = config(layer());
    byte[] evil = TestTar.gzip(layer("evil"));

    // then
    assertRefused(
        registry(manifest(config, evil), evil, config),
        ImageException.Kind.BROKEN,
        "is not the one its configuration names");
    assertThat(images.list()).isEmpty();
  }

  @Test
  void saysThatALayerIsBroken() throws Exception {
    // given
    byte[] whole = TestTar.gzip(layer());
    byte[] layer = Arrays.copyOf(whole, whole.length / 2);
    byte[] config = config(layer());

    // then
    assertRefused(
        registry(manifest(config, layer), layer, config),
        ImageException.Kind.BROKEN,
        "cannot be read");
    assertThat(images.list()).isEmpty();
  }

  @Test
  void usesWhatTheRegistryLastSaidWhenItCannotBeReached() throws Exception {
    // given an image that was had before, and its registry away
    byte[] layer = TestTar.gzip(layer());
    String reference = registry(manifest(config(layer()), layer), layer, config(layer()));
    provide(reference).close();
    servers.getLast().stop(0);
    images.close();
    images = images(ImageLimits.DEFAULT);

    // when
    try (Image image = provide(reference)) {
      // then
      assertThat(image.root().resolve("secret")).hasContent("of the owner");
      assertThat(notes).last().asString().contains("is used");
    }

    // then a login that never asked gets nothing
    Optional<RegistryCredentials> other =
        Optional.of(new RegistryCredentials("127.0.0.1", "other", "token"));
    assertThatThrownBy(() -> images.provide(reference, other, PullProgress.NONE))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> assertThat(e.kind()).isEqualTo(ImageException.Kind.UNREACHABLE));
  }

  @Test
  void waitsOnlyAMomentForARegistryWhoseImageIsHere() throws Exception {
    // given a registry that takes questions and answers none
    byte[] layer = TestTar.gzip(layer());
    String reference = registry(manifest(config(layer()), layer), layer, config(layer()));
    provide(reference).close();
    images.close();
    images = images(ImageLimits.DEFAULT);
    servers.getLast().removeContext("/");
    CountDownLatch isOver = new CountDownLatch(1);
    servers
        .getLast()
        .createContext(
            "/",
            exchange -> {
              try {
                isOver.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            });
    long before = System.nanoTime();

    // when
    for (int i = 0; i < 20; i++) {
      try (Image image = provide(reference)) {
        assertThat(image.root().resolve("secret")).hasContent("of the owner");
      }
    }

    // then
    long took = System.nanoTime() - before;
    isOver.countDown();
    assertThat(took)
        .isBetween(
            ImageLimits.PATIENCE.toNanos(), ImageLimits.PATIENCE.multipliedBy(2).toNanos() - 1);
    assertThat(notes).last().asString().contains("has not answered within 3.0 s");
  }

  /// A registry that had an image and from now on answers each question with `status`.
  private String gone(int status) throws Exception {
    byte[] layer = TestTar.gzip(layer());
    String reference = registry(manifest(config(layer()), layer), layer, config(layer()));
    provide(reference).close();
    images.close();
    images = images(ImageLimits.DEFAULT);
    servers.getLast().removeContext("/");
    servers
        .getLast()
        .createContext(
            "/",
            exchange -> {
              exchange.getResponseHeaders().set("Retry-After", "3600");
              exchange.sendResponseHeaders(status, -1);
              exchange.close();
            });
    return reference;
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503, 521})
  void takesWhatARegistrySaidBeforeItFailed(int status) throws Exception {
    // given
    String reference = gone(status);

    // when
    try (Image image = provide(reference)) {
      // then
      assertThat(image.root().resolve("secret")).hasContent("of the owner");
      assertThat(notes).last().asString().contains("HTTP " + status).contains("is used");
    }
  }

  @ParameterizedTest
  @CsvSource({"401, LOGIN", "403, LOGIN", "404, ABSENT", "400, UNTRUSTED", "302, UNTRUSTED"})
  void believesARegistryThatAnswersOtherwiseThanBefore(int status, ImageException.Kind kind)
      throws Exception {
    // given
    String reference = gone(status);

    // then
    assertRefused(reference, kind, "the registry at http://127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404})
  void forgetsWhatARegistryTookBack(int status) throws Exception {
    // given a refusal, after which nobody answers
    String reference = gone(status);
    assertThatThrownBy(() -> provide(reference)).isInstanceOf(ImageException.class);
    servers.getLast().stop(0);

    // then
    assertRefused(reference, ImageException.Kind.UNREACHABLE, "cannot be reached");
  }

  @Test
  void removesWhatIsNotInUse() throws Exception {
    // given
    byte[] layer = TestTar.gzip(layer());
    String reference = registry(manifest(config(layer()), layer), layer, config(layer()));

    // when
    try (Image image = provide(reference)) {
      // then
      Images.Kept kept = images.list().getFirst();
      assertThat(kept.references()).containsExactly(reference);
      assertThat(kept.isInUse()).isTrue();
      assertThat(kept.isCalled(image.id().toString())).isTrue();
      assertThat(images.remove(kept)).isFalse();
    }

    // when
    boolean isGone = images.remove(images.list().getFirst());

    // then
    assertThat(isGone).isTrue();
    assertThat(images.list()).isEmpty();
    assertThat(images.bytes()).isZero();
  }

  @Test
  void evictsWhatWasUsedTheLongestTimeAgo() throws Exception {
    // given room for one image
    images.close();
    images = images(new ImageLimits(6_000, new UnpackLimits(1 << 20, 10)));
    byte[] first = TestTar.gzip(layer("first"));
    byte[] second = TestTar.gzip(layer("second"));
    String one = registry(manifest(config(layer("first")), first), first, config(layer("first")));
    String two =
        registry(manifest(config(layer("second")), second), second, config(layer("second")));

    // when
    provide(one).close();
    Image used = provide(two);

    // then
    assertThat(images.list())
        .singleElement()
        .satisfies(kept -> assertThat(kept.references()).containsExactly(two));
    used.close();
  }

  @Test
  void keepsTheLayersThatAPullWaitsFor() throws Exception {
    // given an image whose layers are all here when the first of them is unpacked
    byte[] first = TestTar.gzip(layer());
    byte[] second = TestTar.gzip(layer("changed"));
    byte[] config = config(layer(), layer("changed"));
    String reference = registry(manifest(config, first, second), first, second, config);
    CountDownLatch isFetched = new CountDownLatch(1);
    PullProgress evicting =
        new PullProgress() {
          @Override
          public void fetches(String image, long done, long total) {
            if (done == total) {
              isFetched.countDown();
            }
          }

          @Override
          public void unpacks(String image, int layer, int layers) {
            try {
              isFetched.await();
              images.prune(0, Duration.ZERO);
            } catch (IOException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        };

    // when
    try (Image image = images.provide(reference, Optional.empty(), evicting)) {
      // then
      assertThat(image.root().resolve("secret")).hasContent("changed");
    }
    images.prune(0, Duration.ZERO);
    assertThat(images.bytes()).isZero();
    try (Stream<Path> left = Files.walk(folder.resolve("cache/work"))) {
      assertThat(left.filter(Files::isRegularFile).map(Path::toString))
          .allMatch(name -> name.endsWith(".lock"));
    }
  }
}
