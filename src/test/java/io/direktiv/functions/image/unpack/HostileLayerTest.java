package io.direktiv.functions.image.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.functions.image.TestTar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layers that try to reach what lies outside of their root.
class HostileLayerTest {
  private static final UnpackLimits LIMITS = new UnpackLimits(8 << 20, 2_000);
  private static final int ROUNDS = Integer.getInteger("direktiv.fuzz.rounds", 400);

  @TempDir private Path folder;
  private Path root;
  private RootWriter writer;

  @BeforeEach
  void make() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    Files.createDirectory(folder.resolve("outside"));
    Files.writeString(folder.resolve("outside/victim"), "untouched");
    writer = writer();
  }

  @AfterEach
  void remove() throws IOException {
    Trees.delete(root);
  }

  private RootWriter writer() {
    return new RootWriter(root, Owners.ofThisProcess(0), LIMITS, _ -> {});
  }

  private void layer(TestTar tar) throws IOException {
    writer.layer(new ByteArrayInputStream(tar.bytes()));
  }

  /// Everything outside of the root, with what a layer might change of it.
  private TreeMap<String, String> outside() throws IOException {
    TreeMap<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> !path.startsWith(root)).toList()) {
        boolean isFile = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        found.put(
            folder.relativize(file).toString(),
            Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS)
                + (isFile ? Files.readString(file) : "")
                + (isFile ? Files.getAttribute(file, "unix:nlink") : ""));
      }
    }
    return found;
  }

  private void assertRefused(TestTar tar, String reason) throws IOException {
    TreeMap<String, String> before = outside();
    assertThatThrownBy(() -> layer(tar))
        .isInstanceOf(BadLayerException.class)
        .hasMessageContaining(reason);
    assertThat(outside()).isEqualTo(before);
  }

  @Test
  void refusesPathsThatGoUp() throws IOException {
    for (String name : List.of("../outside/victim", "a/../../outside/victim", "..", "/../x")) {
      assertRefused(new TestTar().file(name, "owned"), "leads elsewhere");
    }
    assertRefused(new TestTar().pax("path", "../outside/x").file("a", "owned"), "leads elsewhere");
  }

  @Test
  void refusesHardLinksToOutside() throws IOException {
    assertRefused(new TestTar().hardLink("a", "../outside/victim"), "leads elsewhere");
    assertRefused(
        new TestTar().hardLink("a", folder.resolve("outside/victim").toString()), "is no file");
    assertRefused(
        new TestTar().link("out", folder.resolve("outside").toString()).hardLink("a", "out/victim"),
        "is no file");
    assertRefused(new TestTar().folder("d/").hardLink("a", "d"), "is no file");
  }

  @Test
  void aLinkToOutsideLeadsBackInside() throws IOException {
    // given
    TreeMap<String, String> before = outside();
    String target = folder.resolve("outside").toString();

    // when
    layer(
        new TestTar()
            .link("absolute", target)
            .file("absolute/victim", "inside")
            .link("up", "../outside")
            .file("up/victim", "inside"));
    writer.finish();

    // then
    assertThat(outside()).isEqualTo(before);
    assertThat(Files.readString(root.resolve(target.substring(1) + "/victim"))).isEqualTo("inside");
    assertThat(Files.readString(root.resolve("outside/victim"))).isEqualTo("inside");
  }

  @Test
  void aFileDoesNotGoThroughALinkOfItsOwnName() throws IOException {
    // given
    TreeMap<String, String> before = outside();
    String victim = folder.resolve("outside/victim").toString();

    // when
    layer(new TestTar().link("a", victim).file("a", "replaced").link("b", victim));
    layer(new TestTar().file("b", "replaced").link("c", victim));
    layer(new TestTar().hardLink("d", "c").file(".wh.c", ""));
    writer.finish();

    // then
    assertThat(outside()).isEqualTo(before);
    assertThat(root.resolve("a")).isRegularFile();
    assertThat(root.resolve("b")).isRegularFile();
    assertThat(root.resolve("d")).isSymbolicLink();
  }

  @Test
  void deletionsStayInside() throws IOException {
    // given
    TreeMap<String, String> before = outside();

    // when
    layer(
        new TestTar()
            .link("out", folder.resolve("outside").toString())
            .link("up", "../outside")
            .folder("a/")
            .link("a/out", folder.resolve("outside").toString()));
    layer(
        new TestTar()
            .file("out/.wh.victim", "")
            .file("up/.wh.victim", "")
            .file("out/.wh..wh..opq", "")
            .file(".wh.a", "")
            .file(".wh.out", ""));
    writer.finish();

    // then
    assertThat(outside()).isEqualTo(before);
  }

  @Test
  void refusesDeletionsOfTheFolderItselfAndAboveIt() throws IOException {
    layer(new TestTar().folder("a/"));
    for (String name : List.of(".wh..", ".wh...", "a/.wh..", "a/.wh...", ".wh.", "a/.wh.")) {
      assertRefused(new TestTar().file(name, ""), "deletes no file");
    }
  }

  @Test
  void modesOfFoldersThatBecameLinksReachNobody() throws IOException {
    // given
    TreeMap<String, String> before = outside();
    String target = folder.resolve("outside").toString();

    // when
    layer(new TestTar().owner(0, 0777).folder("a/b/").folder("c/"));
    layer(new TestTar().link("a", folder.toString()).link("c", target));
    writer.finish();

    // then
    assertThat(outside()).isEqualTo(before);
  }

  @Test
  void refusesDevicesSparseFilesAndUnknownThings() throws IOException {
    assertRefused(new TestTar().entry("etc/sda", '4', new byte[0], ""), "has a device");
    assertRefused(new TestTar().entry("a", '3', new byte[0], ""), "has a device");
    assertRefused(new TestTar().entry("a", 'S', new byte[0], ""), "has a sparse file");
    assertRefused(new TestTar().pax("GNU.sparse.major", "1").file("a", "x"), "has a sparse file");
    assertRefused(new TestTar().entry("a", 'Z', new byte[0], ""), "has something unknown");
    assertRefused(new TestTar().link("/", "/etc"), "in place of its root");
    assertRefused(new TestTar().link("a", ""), "to nothing usable");
  }

  @Test
  void refusesCirclesAndWaysThroughFiles() throws IOException {
    assertRefused(
        new TestTar().link("a", "b").link("b", "a").file("a/x", ""), "more than 40 links");
    assertRefused(new TestTar().file("f", "").file("f/x", ""), "which is no folder");
  }

  @Test
  void refusesAHardLinkThatReplacesTheFolderOfItsTarget() throws IOException {
    assertRefused(
        new TestTar().folder("c/").file("c/x", "1").hardLink("c", "c/x"),
        "has the hard link \"c\" to \"c/x\", which is no file of it");
    assertThat(root.resolve("c/x")).hasContent("1");
  }

  @Test
  void refusesPathsBeyondWhatADiskTakes() throws IOException {
    assertRefused(new TestTar().pax("path", "x".repeat(300)).file("a", ""), "more than 255 bytes");
    assertRefused(new TestTar().pax("path", "x/".repeat(1_000) + "a").file("a", ""), "256 folders");
    assertRefused(
        new TestTar().pax("path", ("x".repeat(200) + "/").repeat(20)).file("a", ""), "2048 bytes");
    TestTar deep = new TestTar();
    for (int i = 0; i < 9; i++) {
      deep.pax("path", "s".repeat(i) + "l/" + "d/".repeat(120) + "e").folder("x");
      deep.link("s".repeat(i + 1) + "l", "s".repeat(i) + "l/" + "d/".repeat(120));
    }
    assertRefused(deep, "256 folders");
  }

  @Test
  void leavesNamesOutThatAreNotUtf8() throws IOException {
    layer(new TestTar().raw(header()).file("b", "1"));
    assertThat(root.resolve("b")).exists();
    try (Stream<Path> files = Files.list(root)) {
      assertThat(files).hasSize(1);
    }
  }

  private static byte[] header() {
    byte[] header = new TestTar().file("caf_", "").bytes();
    header[3] = (byte) 0xe9;
    return java.util.Arrays.copyOf(header, 512);
  }

  /// Random layers of few names, so that they meet: whatever comes out, nothing outside changes and
  /// the root can be removed.
  @Test
  void nothingEverLandsOutside() throws IOException {
    long seed = Long.getLong("direktiv.seed", System.nanoTime());
    System.out.println("HostileLayerTest: -Ddirektiv.seed=" + seed);
    Random random = new Random(seed);
    TreeMap<String, String> before = outside();
    for (int round = 0; round < ROUNDS; round++) {
      Trees.delete(root);
      Files.createDirectory(root);
      writer = writer();
      for (int i = 0; i < 3; i++) {
        try {
          layer(hostile(random));
        } catch (BadLayerException _) {
          // Refused; the next layer meets what is there.
        } catch (IOException e) {
          assertThat(e).as("seed %s, round %s", seed, round).hasMessageNotContaining("outside");
        }
      }
      writer.finish();
      assertThat(outside()).as("seed %s, round %s", seed, round).isEqualTo(before);
    }
  }

  private TestTar hostile(Random random) {
    TestTar tar = new TestTar();
    for (int i = random.nextInt(12); i >= 0; i--) {
      tar.owner(0, random.nextInt(010000));
      String name = name(random);
      switch (random.nextInt(9)) {
        case 0, 1 -> tar.link(name, target(random));
        case 2 -> tar.hardLink(name, random.nextBoolean() ? name(random) : target(random));
        case 3 -> tar.folder(name + "/");
        case 4 -> tar.file(name.replaceFirst("([^/]*)$", ".wh.$1"), "");
        case 5 -> tar.file(name + "/.wh..wh..opq", "");
        case 6 -> tar.pax("path", name(random), "linkpath", target(random)).link("x", "y");
        default -> tar.file(name, "content");
      }
    }
    return tar;
  }

  private static String name(Random random) {
    StringBuilder name = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      name.append(List.of("a", "b", "A", "c", ".", "", "outside", "victim").get(random.nextInt(8)))
          .append(i > 0 ? "/" : "");
    }
    return random.nextInt(40) == 0 ? "../" + name : name.toString();
  }

  private String target(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> folder.resolve("outside").toString();
      case 1 -> folder.resolve("outside/victim").toString();
      case 2 -> "../outside";
      case 3 -> "../../" + name(random);
      case 4 -> "/";
      case 5 -> "..";
      case 6 -> "/" + name(random);
      default -> name(random);
    };
  }
}
