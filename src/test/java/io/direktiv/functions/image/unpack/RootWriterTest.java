package io.direktiv.functions.image.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.functions.image.TestTar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layers as the OCI image specification describes them.
class RootWriterTest {
  private static final UnpackLimits LIMITS = new UnpackLimits(4 << 20, 200);

  @TempDir private Path folder;
  private final List<String> notes = new ArrayList<>();
  private Path root;
  private RootWriter writer;

  @BeforeEach
  void make() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    writer = new RootWriter(root, Owners.ofThisProcess(0), LIMITS, notes::add);
  }

  /// The folder of the test framework does not remove what has no permissions.
  @AfterEach
  void remove() throws IOException {
    Trees.delete(root);
  }

  private void layer(TestTar tar) throws IOException {
    writer.layer(new ByteArrayInputStream(tar.bytes()));
  }

  private String text(String path) throws IOException {
    return Files.readString(root.resolve(path));
  }

  private boolean isThere(String path) {
    return Files.exists(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void writesFilesFoldersAndLinks() throws IOException {
    // when
    layer(
        new TestTar()
            .folder("etc/")
            .file("etc/hosts", "127.0.0.1")
            .link("etc/same", "hosts")
            .hardLink("etc/hard", "etc/hosts")
            .file("./deep/er/file", "made its folders")
            .file("/absolute", "below the root")
            .entry("old/", '0', new byte[0], ""));
    writer.finish();

    // then
    assertThat(text("etc/hosts")).isEqualTo("127.0.0.1");
    assertThat(text("etc/same")).isEqualTo("127.0.0.1");
    assertThat(Files.getAttribute(root.resolve("etc/hosts"), "unix:nlink")).isEqualTo(2);
    assertThat(text("deep/er/file")).isEqualTo("made its folders");
    assertThat(text("absolute")).isEqualTo("below the root");
    assertThat(root.resolve("old")).isDirectory();
  }

  @Test
  void keepsModesAndTimesButNoSetUid() throws IOException {
    // when
    layer(
        new TestTar()
            .owner(0, 04755)
            .file("su", "x")
            .owner(0, 01777)
            .entry("tmp/", '5', new byte[0], "")
            .owner(0, 0555)
            .entry("closed/", '5', new byte[0], "")
            .owner(0, 0)
            .file("closed/secret", "y"));
    writer.finish();

    // then
    assertThat(mode("su")).isEqualTo(0755);
    assertThat(mode("tmp")).isEqualTo(01777);
    assertThat(mode("closed")).isEqualTo(0555);
    assertThat(mode("closed/secret")).isZero();
    assertThat(Files.getLastModifiedTime(root.resolve("su")).toMillis())
        .isEqualTo(1_700_000_000_000L);
    assertThat(Files.getLastModifiedTime(root.resolve("closed")).toMillis())
        .isEqualTo(1_700_000_000_000L);
  }

  private int mode(String path) throws IOException {
    return (int) Files.getAttribute(root.resolve(path), "unix:mode") & 07777;
  }

  @Test
  void replacesWhatIsThere() throws IOException {
    // given
    layer(new TestTar().file("a", "1").folder("b/").file("b/x", "1").link("c", "a").file("d", "1"));

    // when
    layer(
        new TestTar()
            .folder("a/")
            .file("b", "file now")
            .file("c", "no link now")
            .file("d", "1")
            .file("d", "the last one counts"));

    // then
    assertThat(root.resolve("a")).isDirectory();
    assertThat(text("b")).isEqualTo("file now");
    assertThat(text("c")).isEqualTo("no link now");
    assertThat(text("d")).isEqualTo("the last one counts");
  }

  @Test
  void keepsAFolderAndItsContentWhenALayerNamesItAgain() throws IOException {
    layer(new TestTar().folder("a/").file("a/x", "1"));
    layer(new TestTar().folder("a/").file("a/y", "2"));
    assertThat(text("a/x") + text("a/y")).isEqualTo("12");
  }

  @Test
  void aChangedFileLeavesTheOtherNameOfTheOldOneAlone() throws IOException {
    layer(new TestTar().file("a", "old").hardLink("b", "a"));
    layer(new TestTar().file("a", "new"));
    assertThat(text("a") + text("b")).isEqualTo("newold");
  }

  @Test
  void deletesWhatWhiteoutsName() throws IOException {
    // given
    layer(
        new TestTar()
            .file("gone", "1")
            .folder("folder/")
            .file("folder/in", "1")
            .link("link", "folder")
            .file("stays", "1"));

    // when
    layer(
        new TestTar()
            .file(".wh.gone", "")
            .file(".wh.folder", "")
            .file(".wh.link", "")
            .file("absent/.wh.x", "")
            .file(".wh.absent", ""));

    // then
    assertThat(isThere("gone") || isThere("folder") || isThere("link")).isFalse();
    assertThat(isThere("stays")).isTrue();
    assertThat(isThere(".wh.gone") || isThere("absent")).isFalse();
  }

  @Test
  void anOpaqueFolderHidesLowerLayersWhateverTheOrder() throws IOException {
    // given
    layer(new TestTar().file("a/old", "1").file("a/b/old", "1").file("c", "1"));

    // when
    layer(
        new TestTar()
            .file("a/new", "2")
            .file("a/b/new", "2")
            .file("a/.wh..wh..opq", "")
            .file("a/later", "2"));

    // then
    assertThat(isThere("a/old") || isThere("a/b/old")).isFalse();
    assertThat(text("a/new") + text("a/b/new") + text("a/later") + text("c")).isEqualTo("2221");
  }

  @Test
  void aWhiteoutHidesLowerLayersOnly() throws IOException {
    layer(new TestTar().file("a/old", "1"));
    layer(new TestTar().file("a/new", "2").file(".wh.a", ""));
    assertThat(isThere("a/old")).isFalse();
    assertThat(text("a/new")).isEqualTo("2");
  }

  @Test
  void theLowestLayerDeletesNothing() throws IOException {
    layer(new TestTar().file("a/x", "1").file("a/.wh..wh..opq", "").file(".wh.a", ""));
    assertThat(text("a/x")).isEqualTo("1");
  }

  @Test
  void followsLinksToFoldersWithinTheRoot() throws IOException {
    // when
    layer(
        new TestTar()
            .folder("usr/bin/")
            .link("bin", "usr/bin")
            .file("bin/a", "1")
            .link("abs", "/usr/bin")
            .file("abs/b", "2")
            .link("up", "../../../../usr")
            .file("up/c", "3")
            .link("dangling", "/made/later")
            .file("dangling/d", "4"));

    // then
    assertThat(text("usr/bin/a") + text("usr/bin/b") + text("usr/c") + text("made/later/d"))
        .isEqualTo("1234");
  }

  @Test
  void leavesDevicesOfDevAndPipesOut() throws IOException {
    layer(
        new TestTar()
            .folder("dev/")
            .entry("dev/null", '3', new byte[0], "")
            .entry("run/pipe", '6', new byte[0], ""));
    assertThat(isThere("dev")).isTrue();
    assertThat(isThere("dev/null") || isThere("run/pipe")).isFalse();
    assertThat(notes).containsExactly("a named pipe was left out");
  }

  @Test
  void givesFilesToShiftedOwners() throws IOException {
    // given
    Owners owners = Owners.ofThisProcess(100_000);
    org.junit.jupiter.api.Assumptions.assumeTrue(owners.isRoot(), "only root gives files away");
    writer = new RootWriter(root, owners, LIMITS, notes::add);

    // when
    layer(
        new TestTar()
            .file("root", "")
            .owner(1000, 0644)
            .file("user", "")
            .link("link", "/etc/passwd")
            .owner(70_000, 0644)
            .file("beyond", ""));
    writer.finish();

    // then
    assertThat(uid("root")).isEqualTo(100_000);
    assertThat(uid("user")).isEqualTo(101_000);
    assertThat(uid("link")).isEqualTo(101_000);
    assertThat(uid("beyond")).isEqualTo(165_534);
    assertThat(uid("")).isEqualTo(100_000);
    assertThat(Files.getAttribute(Path.of("/etc/passwd"), "unix:uid")).isEqualTo(0);
  }

  private Object uid(String path) throws IOException {
    return Files.getAttribute(root.resolve(path), "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void refusesTooManyBytesAndTooManyFiles() {
    assertThatThrownBy(() -> layer(new TestTar().header("bomb", '0', 1L << 40, "")))
        .isInstanceOf(TooLargeException.class)
        .hasMessageContaining("4194304 bytes");
    TestTar many = new TestTar();
    for (int i = 0; i < 201; i++) {
      many.file("f" + i, "");
    }
    assertThatThrownBy(() -> layer(many))
        .isInstanceOf(TooLargeException.class)
        .hasMessageContaining("more than 200 files");
  }

  @Test
  void refusesABombBehindTheArchive() {
    byte[] archive =
        new TestTar().file("a", "1").raw(new byte[1024]).raw(new byte[8 << 20]).bytes();
    assertThatThrownBy(() -> writer.layer(new ByteArrayInputStream(archive)))
        .isInstanceOf(TooLargeException.class);
  }
}
