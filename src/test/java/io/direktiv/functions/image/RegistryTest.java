package io.direktiv.functions.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.direktiv.api.AuthMode;
import io.direktiv.engine.EngineSettings;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.functions.NoFunctions;
import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.StoredLogins;
import io.direktiv.functions.image.DistributionRegistry.Pushed;
import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.functions.image.cache.Cache;
import io.direktiv.functions.image.cache.Names.Name;
import io.direktiv.functions.image.registry.Proxies;
import io.direktiv.functions.image.registry.Registries;
import io.direktiv.functions.image.unpack.Trees;
import io.direktiv.secrets.AesVault;
import io.direktiv.secrets.MasterKey;
import io.direktiv.server.Parts;
import io.direktiv.store.sql.SqlStore;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
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
    images = images(folder.resolve("cache"));
  }

  private static Images images(Path folder) throws IOException {
    return new Images(
        folder,
        new Registries(Set.of(), new Proxies(Map.of())),
        new ImageSettings(ImageLimits.DEFAULT, 0, List.of(), ImageLimits.PATIENCE));
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

  @Test
  void usesTheLoginOfTheLongestPrefixOfAHost() throws Exception {
    // given a namespace with two logins at one host, each for images of its own
    DistributionRegistry registry = registry(false);
    registry.push("org/tool:v1", List.of(image(HERE, "of the organisation")));
    registry.push("other/tool:v1", List.of(image(HERE, "of the host")));
    TokenGate gate = gate(registry, Map.of("all:a", "other/", "part:b", "org/"));
    MasterKey key = MasterKey.random();
    try (ExecutorService notifier = Executors.newVirtualThreadPerTaskExecutor();
        Parts parts =
            Parts.build(
                SqlStore.open(Files.createDirectory(folder.resolve("data")), notifier),
                key,
                EngineSettings.DEFAULT,
                ExecutionSettings.DEFAULT,
                AuthMode.OFF,
                (_, _) -> new NoFunctions("none"))) {
      parts.api().createNamespace("one");
      putLogin(parts, "https://" + gate.host() + "/", "all:a");
      putLogin(parts, gate.host() + "/org", "part:b");
      StoredLogins logins = new StoredLogins(parts.store(), new AesVault(key), Optional.empty());

      // then
      for (String path : List.of("/org/tool:v1", "/other/tool:v1")) {
        String reference = gate.host() + path;
        try (Image image = provide(reference, logins.find("one", reference))) {
          assertThat(image.root().resolve("name")).exists();
        }
      }
    }
  }

  private static void putLogin(Parts parts, String url, String login) {
    parts.api().putRegistry("one", url, login.getBytes(StandardCharsets.UTF_8), false);
  }

  /// Images on a disk of `mebibytes`, or none where this user may not mount one.
  private Path disk(int mebibytes) throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", disk.toString()) == 0,
        "this user may not mount a small file system");
    open.add(() -> run("umount", "-l", disk.toString()));
    images.close();
    images = images(disk.resolve("cache"));
    return disk;
  }

  private static List<String> left(Path disk) throws IOException {
    try (Stream<Path> files = Files.walk(disk)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> disk.relativize(file).toString())
          .filter(name -> !name.matches("cache/(lock|work/[^/]*\\.lock|names/.*)"))
          .toList();
    }
  }

  @Test
  void saysThatTheDiskIsFullAndLeavesNothing() throws Exception {
    // given a disk that is smaller than the layer
    DistributionRegistry registry = registry(false);
    registry.push("org/tool:v1", List.of(new Pushed(HERE, large(4_000_000))));
    Path disk = disk(2);

    // then
    assertRefused(
        registry.host() + "/org/tool:v1",
        Optional.empty(),
        Kind.DISK,
        "cannot be kept in " + disk.resolve("cache") + ": No space left on device (",
        " MiB are free; its layers have 3.8 MiB packed",
        "make room there, for example with: direktiv images prune; or name another folder");
    assertThat(left(disk)).isEmpty();

    // when there is room
    run("mount", "-o", "remount,size=20m", disk.toString());

    // then
    try (Image image = provide(registry.host() + "/org/tool:v1", Optional.empty())) {
      assertThat(image.root().resolve("large")).hasSize(4_000_000);
    }
  }

  @Test
  void leavesNothingOfWhatDoesNotFitUnpacked() throws Exception {
    // given a layer that fits and files that do not
    DistributionRegistry registry = registry(false);
    byte[] layer = new TestTar().file("zeros", new byte[8_000_000]).bytes();
    registry.push("org/tool:v1", List.of(new Pushed(HERE, layer)));
    Path disk = disk(4);

    // then
    assertRefused(
        registry.host() + "/org/tool:v1", Optional.empty(), Kind.DISK, "No space left on device");
    assertThat(left(disk)).isEmpty();
    assertThat(images.bytes()).isZero();
  }

  @Test
  void givesAnImageThatIsHereThoughTheDiskIsFull() throws Exception {
    // given a disk without a free byte
    DistributionRegistry registry = registry(false);
    registry.push("org/tool:v1", List.of(image(HERE, "it")));
    Path disk = disk(4);
    provide(registry.host() + "/org/tool:v1", Optional.empty()).close();
    images.close();
    run("sh", "-c", "cat /dev/zero > " + disk.resolve("full"));
    images = images(disk.resolve("cache"));

    // when
    try (Image image = provide(registry.host() + "/org/tool:v1", Optional.empty())) {
      // then
      assertThat(image.root().resolve("name")).hasContent("it");
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Test
  void givesNoLoginToARegistryThatNobodyVouchesFor() throws Exception {
    // given a certificate of its own, on an address that is asked over TLS
    Optional<InetAddress> address =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(each -> each instanceof Inet4Address)
            .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
            .findFirst();
    assumeTrue(address.isPresent(), "this machine has no address but its loopback");
    HttpsServer server = HttpsServer.create(new InetSocketAddress(address.get(), 0), 0);
    open.add(() -> server.stop(0));
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(address.get())));
    List<String> asked = new CopyOnWriteArrayList<>();
    server.createContext("/", exchange -> asked.add(exchange.getRequestURI().toString()));
    server.start();
    String host = address.get().getHostAddress() + ":" + server.getAddress().getPort();
    String reference = host + "/org/tool:v1";
    said(reference, good(), host + "/org/tool");

    // then what the real one said before does not count either
    assertRefused(
        reference,
        good(),
        Kind.UNTRUSTED,
        "the registry at https://" + host + " has no TLS that can be trusted",
        "check the registry's name");
    assertThat(asked).isEmpty();
  }

  /// As if a registry had let `login` pull an image just now.
  private void said(String reference, Optional<RegistryCredentials> login, String origin)
      throws IOException {
    images.close();
    try (Cache cache = Cache.open(folder.resolve("cache"))) {
      Digest any = Digest.of(new byte[0]);
      String who = cache.names().who(login);
      cache.names().put(new Name(who, reference, any, any, origin, Instant.now()));
    }
    open();
  }

  private SSLContext selfSigned(InetAddress address) throws Exception {
    Path file = folder.resolve("keys");
    String password = "changeit";
    assertThat(
            run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=ip:" + address.getHostAddress(),
                "-keystore",
                file.toString(),
                "-storepass",
                password))
        .isZero();
    KeyStore keys = KeyStore.getInstance(file.toFile(), password.toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
