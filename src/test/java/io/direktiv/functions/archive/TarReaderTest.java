package io.direktiv.functions.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Archives as POSIX.1-2001 (pax) and GNU describe them, and archives that are none.
class TarReaderTest {
  private static final long PLENTY = 1 << 20;

  private static TarReader reader(byte[] archive, long most) {
    return new TarReader(new ByteArrayInputStream(archive), most);
  }

  private static byte[] header(String name, char type, byte[] size) {
    byte[] header = new byte[TarWriter.BLOCK];
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(text, 0, header, 0, text.length);
    System.arraycopy(size, 0, header, 124, size.length);
    header[156] = (byte) type;
    return header;
  }

  private static byte[] octal(long size) {
    return String.format("%011o", size).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] padded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] blocks =
        new byte[(bytes.length + TarWriter.BLOCK - 1) / TarWriter.BLOCK * TarWriter.BLOCK];
    System.arraycopy(bytes, 0, blocks, 0, bytes.length);
    return blocks;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static void assertNext(TarReader tar, String name, char type, long size)
      throws IOException {
    TarReader.Entry entry = tar.next().orElseThrow();
    assertThat(entry.name()).isEqualTo(name);
    assertThat(entry.type()).isEqualTo(type);
    assertThat(entry.size()).isEqualTo(size);
  }

  /// An archive of folders, whose names end with a slash, and of files with their contents.
  private static byte[] written(String... namesAndContents) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      for (int i = 0; i < namesAndContents.length; i++) {
        String name = namesAndContents[i];
        if (name.endsWith("/")) {
          tar.folder(name.substring(0, name.length() - 1), 0755);
        } else {
          tar.file(name, 0644, namesAndContents[++i].getBytes());
        }
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void readsALongNameThatTarWrites() throws IOException {
    for (int length : new int[] {99, 100, 101, 120, 990, 995, 1_200}) {
      // given
      String name = "é" + "n".repeat(length - 2);
      TarReader tar = reader(written(name, "x", "after", "y"), PLENTY);

      // then
      assertNext(tar, name, '0', 1);
      assertNext(tar, "after", '0', 1);
      assertThat(tar.next()).isEmpty();
    }
  }

  @Test
  void readsWhatTarWrites() throws IOException {
    // given
    TarReader tar = reader(written("data/", "data/in", "hello"), PLENTY);

    // then
    assertNext(tar, "data/", '5', 0);
    assertNext(tar, "data/in", '0', 5);
    assertThat(tar.content(100)).asString().isEqualTo("hello");
    assertThat(tar.next()).isEmpty();
  }

  @Test
  void leavesOutContentThatNobodyReads() throws IOException {
    // given
    byte[] archive =
        join(header("a", '0', octal(600)), new byte[1024], header("b", '0', octal(1)), padded("x"));
    TarReader tar = reader(archive, PLENTY);

    // when
    tar.next();
    assertThat(tar.content(10)).hasSize(10);

    // then
    assertThat(tar.next().orElseThrow().name()).isEqualTo("b");
    assertThat(tar.content(10)).asString().isEqualTo("x");
    assertThat(tar.next()).isEmpty();
  }

  @Test
  void readsNamesAndSizesOfPaxAndNamesOfGnu() throws IOException {
    // given
    String pax = "18 path=long/name\n10 size=2\n";
    byte[] archive =
        join(
            header("x", 'x', octal(pax.length())),
            padded(pax),
            header("short", '0', octal(0)),
            padded("ab"),
            header("L", 'L', octal(9)),
            padded("gnu/name\0"),
            header("short", '2', octal(0)));
    TarReader tar = reader(archive, PLENTY);

    // then
    assertNext(tar, "long/name", '0', 2);
    assertThat(tar.content(9)).asString().isEqualTo("ab");
    assertNext(tar, "gnu/name", '2', 0);
  }

  @Test
  void readsLargeSizesOfGnuAndDoesNotReadThatMuch() throws IOException {
    // given
    byte[] size = {(byte) 0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0};
    TarReader tar = reader(join(header("big", '0', size), new byte[4096]), PLENTY);

    // then
    assertThat(tar.next().orElseThrow().size()).isEqualTo(2L << 32);
    assertThatThrownBy(tar::next).isInstanceOf(TarReader.TooLongException.class);
  }

  @Test
  void refusesSizesThatAreNone() {
    byte[] huge = new byte[12];
    java.util.Arrays.fill(huge, (byte) 0xff);
    for (byte[] size : List.of(huge, "zzzzzzzzzzz".getBytes(), "-1".getBytes())) {
      assertThatThrownBy(() -> reader(header("a", '0', size), PLENTY).next())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesAnExtensionThatIsTooLargeAndAnArchiveThatEndsEarly() {
    assertThatThrownBy(() -> reader(header("x", 'x', octal(2 << 20)), PLENTY).next())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1 MiB");
    TarReader tar = reader(join(header("a", '0', octal(100)), new byte[50]), PLENTY);
    assertThatThrownBy(
            () -> {
              tar.next();
              tar.content(100);
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended early");
  }

  @Test
  void readsOwnersLinksAndTimesAndTakesValuesWithLineBreaksWhole() throws IOException {
    // given
    String pax =
        "18 path=two\nlines\n19 linkpath=target\n13 uid=70000\n8 gid=8\n18 mtime=1700.123\n";
    byte[] archive = join(header("x", 'x', octal(pax.length())), padded(pax));
    byte[] entry = header("short", '2', octal(0));
    System.arraycopy("0004755".getBytes(), 0, entry, 100, 7);
    TarReader tar = reader(join(archive, entry), PLENTY);

    // then
    assertThat(tar.next())
        .contains(
            new TarReader.Entry(
                "two\nlines", '2', 0, "target", new TarReader.Owner(70_000, 8, 04755, 1_700)));
  }

  @Test
  void countsNoContentForLinksAndFoldersAndMarksSparseFiles() throws IOException {
    // given
    String pax = "22 GNU.sparse.major=1\n";
    byte[] archive =
        join(
            header("link", '1', octal(4096)),
            header("folder/", '5', octal(512)),
            header("x", 'x', octal(pax.length())),
            padded(pax),
            header("holes", '0', octal(3)),
            padded("abc"),
            header("old", 'S', octal(0)));
    TarReader tar = reader(archive, PLENTY);

    // then
    assertNext(tar, "link", '1', 0);
    assertNext(tar, "folder/", '5', 0);
    assertNext(tar, "holes", 'S', 3);
    assertNext(tar, "old", 'S', 0);
  }

  @Test
  void refusesRecordsOfTheWrongLength() {
    for (String pax : List.of("9 path=a", "999 path=a\n", "path=a\n", "0 a=b\n", "3 a")) {
      byte[] archive = join(header("x", 'x', octal(pax.length())), padded(pax));
      assertThatThrownBy(() -> reader(archive, PLENTY).next()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void survivesAnything() throws IOException {
    // given
    Random random = new Random(20_261_125);
    byte[] good = written("data/", "data/a", "a".repeat(700), "data/b", "bbb");
    List<String> surprises = new ArrayList<>();

    // when
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = good.clone();
      for (int j = random.nextInt(8); j >= 0; j--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        TarReader tar = reader(bad, PLENTY);
        for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
          tar.content(100);
        }
      } catch (IOException _) {
        // What is not an archive is refused.
      } catch (RuntimeException e) {
        surprises.add(e.toString());
      }
    }

    // then
    assertThat(surprises).isEmpty();
  }
}
