package io.direktiv.functions.image.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.v3.zstd.ZstdOutputStream;
import io.direktiv.functions.image.TestTar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Layers as they are, with gzip and with zstd (RFC 8878).
class LayerStreamTest {
  private static final byte[] SKIPPABLE = {0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};

  private static byte[] content() {
    byte[] bytes = new byte[3 << 20];
    Random random = new Random(1);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) "abcdefgh ".charAt(random.nextInt(9));
    }
    return bytes;
  }

  private static byte[] zstd(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutputStream zstd = new ZstdOutputStream(out)) {
      zstd.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] read(byte[] layer) throws IOException {
    try (InputStream in = LayerStream.open(new ByteArrayInputStream(layer))) {
      return in.readAllBytes();
    }
  }

  @Test
  void readsWhatIsNotCompressedAndWhatIs() throws IOException {
    byte[] content = content();
    assertThat(read(content)).isEqualTo(content);
    assertThat(read(TestTar.gzip(content))).isEqualTo(content);
    assertThat(read(zstd(content))).isEqualTo(content);
    assertThat(read(new byte[0])).isEmpty();
  }

  @Test
  void readsSeveralMembersAndFramesAndSkipsThoseThatSaySo() throws IOException {
    // given
    byte[] one = content();
    byte[] two = "the second".getBytes();

    // then
    assertThat(read(join(TestTar.gzip(one), TestTar.gzip(two)))).isEqualTo(join(one, two));
    assertThat(read(join(SKIPPABLE, zstd(one), SKIPPABLE, zstd(two), SKIPPABLE)))
        .isEqualTo(join(one, two));
  }

  @Test
  void refusesAWindowThatIsTooMuchMemory() {
    // 1 GiB: exponent 20, one last empty raw block.
    byte[] large = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (20 << 3), 1, 0, 0};
    // The same as the size of a single segment.
    byte[] single = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xa0, 0, 0, 0, 0x40, 1, 0, 0};
    for (byte[] frame : List.of(large, single)) {
      assertThatThrownBy(() -> read(frame))
          .isInstanceOf(BadLayerException.class)
          .hasMessageContaining("8 MiB");
    }
  }

  @Test
  void survivesAnything() throws IOException {
    // given
    Random random = new Random(20_261_125);
    byte[] text = Arrays.copyOf(content(), 3_000);
    List<byte[]> good = List.of(zstd(text), TestTar.gzip(text), join(SKIPPABLE, zstd(text)));
    List<String> surprises = new ArrayList<>();

    // when
    for (int i = 0; i < 3_000; i++) {
      byte[] bad = good.get(i % good.size()).clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        read(Arrays.copyOf(bad, random.nextInt(bad.length) + 1));
      } catch (IOException _) {
        // What is not compressed well is refused.
      } catch (RuntimeException e) {
        surprises.add(e.toString());
      }
    }

    // then
    assertThat(surprises).isEmpty();
  }
}
