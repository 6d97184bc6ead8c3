package io.direktiv.functions.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.DistributionRegistry.Pushed;
import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.functions.image.registry.Proxies;
import io.direktiv.functions.image.registry.Registries;
import io.direktiv.functions.image.unpack.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Images of a real `docker-registry`, with logins by password and by token.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RegistryTest {
  private static final String HERE = Platform.ofThisMachine().toString().replaceFirst("linux/", "");
  private static final String FOREIGN = "s390x";

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Images images;

  @BeforeEach
  void open() throws IOException {
    images =
        new Images(
            folder.resolve("cache"),
            new Registries(Set.of(), new Proxies(Map.of())),
            new ImageSettings(ImageLimits.DEFAULT, 0, List.of()));
  }

  @AfterEach
  void close() throws Exception {
    images.close();
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    Trees.delete(folder.resolve("cache"));
  }

  private DistributionRegistry registry(boolean wantsLogin) throws IOException {
    DistributionRegistry registry =
        DistributionRegistry.start(Files.createDirectory(folder.resolve("registry")), wantsLogin);
    open.add(registry);
    return registry;
  }

  private TokenGate gate(DistributionRegistry registry, Map<String, String> users)
      throws IOException {
    TokenGate gate = new TokenGate(registry.host(), users);
    open.add(gate);
    return gate;
  }

  private static Pushed image(String architecture, String text) {
    return new Pushed(architecture, new TestTar().file("name", text).bytes());
  }

  /// A layer that does not get smaller.
  private static byte[] large(int bytes) {
    byte[] content = new byte[bytes];
    new Random(7).nextBytes(content);
    return new TestTar().file("large", content).bytes();
  }

  private static Optional<RegistryCredentials> login(String user, String password) {
    return Optional.of(new RegistryCredentials("", user, password));
  }

  private static Optional<RegistryCredentials> good() {
    return login(DistributionRegistry.USER, DistributionRegistry.PASSWORD);
  }

  private Image provide(String reference, Optional<RegistryCredentials> login) throws Exception {
    return images.provide(reference, login, PullProgress.NONE);
  }

  private void assertRefused(
      String reference, Optional<RegistryCredentials> login, Kind kind, String... words) {
    assertThatThrownBy(() -> provide(reference, login))
        .isInstanceOfSatisfying(
            ImageException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e.getMessage() + "; " + e.advice()).contains(words);
            });
  }

  @Test
  void pullsByTagAndByDigestWithAPassword() throws Exception {
    // given
    DistributionRegistry registry = registry(true);
    registry.push("org/tool:v1", List.of(image(HERE, "it")));

    // when
    try (Image byTag = provide(registry.host() + "/org/tool:v1", good());
        Image byDigest = provide(registry.host() + "/org/tool@" + byTag.digest(), good())) {
      // then
      assertThat(byTag.root().resolve("name")).hasContent("it");
      assertThat(byDigest.root()).isEqualTo(byTag.root());
    }
  }

  @Test
  void repeatsWhatTheRegistrySaysAgainstALogin() throws Exception {
    // given an image that somebody else had already
    DistributionRegistry registry = registry(true);
    registry.push("org/tool:v1", List.of(image(HERE, "it")));
    String reference = registry.host() + "/org/tool:v1";
    provide(reference, good()).close();

    // then
    assertRefused(
        reference,
        login("bot", "bad"),
        Kind.LOGIN,
        registry.host(),
        "refuses the login: \"authentication required\" (HTTP 401)",
        "check the name of the image and the login");
    assertRefused(reference, Optional.empty(), Kind.LOGIN, "wants a login", "give a login for");
  }

  @Test
  void tellsAnUnknownImageOrTag() throws Exception {
    // given
    DistributionRegistry registry = registry(false);
    registry.push("org/tool:v1", List.of(image(HERE, "it")));

    // then
    assertRefused(
        registry.host() + "/org/tool:v2",
        Optional.empty(),
        Kind.ABSENT,
        "has no image \"v2\": \"manifest unknown\" (HTTP 404)",
        "check the name and the tag");
    assertRefused(
        registry.host() + "/org/other:v1",
        Optional.empty(),
        Kind.ABSENT,
        "has no image \"v1\": \"manifest unknown\" (HTTP 404)");
  }

  @Test
  void takesThePlatformOfThisMachine() throws Exception {
    // given
    DistributionRegistry registry = registry(false);
    registry.push("org/both:v1", List.of(image(FOREIGN, "theirs"), image(HERE, "ours")));
    registry.push("org/list:v1", List.of(image(FOREIGN, "theirs"), image("riscv64", "too")));
    registry.push("org/one:v1", List.of(image(FOREIGN, "theirs")));

    // then
    try (Image image = provide(registry.host() + "/org/both:v1", Optional.empty())) {
      assertThat(image.root().resolve("name")).hasContent("ours");
    }
    for (String foreign : List.of("/org/list:v1", "/org/one:v1")) {
      assertRefused(
          registry.host() + foreign, Optional.empty(), Kind.ABSENT, "linux/" + FOREIGN, HERE);
    }
  }

  @Test
  void readsLayersOfZstdAndOfDockersFormat() throws Exception {
    // given
    DistributionRegistry registry = registry(false);
    List<Pushed> image = List.of(image(HERE, "it"));
    registry.push("org/zstd:v1", image, "--dest-compress-format", "zstd", "--dest-compress");
    registry.push("org/docker:v1", image, "--format", "v2s2");

    // then
    for (String reference : List.of("/org/zstd:v1", "/org/docker:v1")) {
      try (Image found = provide(registry.host() + reference, Optional.empty())) {
        assertThat(found.root().resolve("name")).hasContent("it");
      }
    }
  }

  @Test
  void goesOnWhereTheLineWasCutWithANewToken() throws Exception {
    // given a line that is cut every 300 kB, after which no token counts
    DistributionRegistry registry = registry(false);
    registry.push("org/tool:v1", List.of(new Pushed(HERE, large(1_000_000))));
    TokenGate gate = gate(registry, Map.of("bot:good", "org/"));
    gate.cut(300_000, true);

    // when
    try (Image image = provide(gate.host() + "/org/tool:v1", good())) {
      // then
      assertThat(image.root().resolve("large")).hasSize(1_000_000);
    }
    assertThat(gate.ranges()).hasSizeBetween(3, 4).doesNotHaveDuplicates();
    assertThat(gate.issued()).isGreaterThan(3);
  }

  @Test
  void asksForOneTokenForARepository() throws Exception {
    // given
    DistributionRegistry registry = registry(false);
    registry.push("org/tool:v1", List.of(image(HERE, "it")));
    TokenGate gate = gate(registry, Map.of("bot:good", "org/"));

    // when
    provide(gate.host() + "/org/tool:v1", good()).close();

    // then
    assertThat(gate.issued()).isEqualTo(1);
    assertRefused(
        gate.host() + "/org/tool:v1",
        login("bot", "bad"),
        Kind.LOGIN,
        "does not accept the login: \"incorrect username or password\" (HTTP 401)");
  }

  @Test
  void takesNoOtherBytes() throws Exception {
    // given
    DistributionRegistry registry = registry(false);
    registry.push("org/tool:v1", List.of(image(HERE, "it")));
    TokenGate gate = gate(registry, Map.of("bot:good", "org/"));
    gate.lie();

    // then
    assertRefused(
        gate.host() + "/org/tool:v1",
        good(),
        Kind.BROKEN,
        "sends other bytes than those of sha256:",
        "push the image again");
    assertThat(images.list()).isEmpty();
  }

  @Test
  void waitsAsLongAsABusyRegistryAsks() throws Exception {
    // given
    DistributionRegistry registry = registry(false);
    registry.push("org/tool:v1", List.of(image(HERE, "it")));
    TokenGate gate = gate(registry, Map.of("bot:good", "org/"));
    gate.beBusy(1, "1");
    long before = System.nanoTime();

    // when
    provide(gate.host() + "/org/tool:v1", good()).close();

    // then
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void saysThatARegistryStaysBusyAndForHowLong() throws Exception {
    // given a registry that asks for more patience than an action has
    DistributionRegistry registry = registry(false);
    registry.push("org/tool:v1", List.of(image(HERE, "it")));
    TokenGate gate = gate(registry, Map.of("bot:good", "org/"));
    gate.beBusy(100, "3600");

    // then
    assertRefused(
        gate.host() + "/org/tool:v1",
        good(),
        Kind.UNREACHABLE,
        "wants fewer requests: \"You have reached your pull rate limit\" (HTTP 429)",
        "try again in 3600 s");
    assertThat(gate.asked()).filteredOn(line -> line.endsWith("429")).hasSize(1);
  }
}
