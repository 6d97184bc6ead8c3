package io.direktiv.functions.image.unpack;

import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/// Finds out how a layer is compressed by looking at it, since media types are sometimes wrong.
public final class LayerStream {
  private static final int GZIP = 0x1f8b;

  private LayerStream() {}

  /// The archive in `layer`: as it is, or what gzip or zstd made of it.
  public static InputStream open(InputStream layer) throws IOException {
    BufferedInputStream in = new BufferedInputStream(layer, Limits.BUFFER_BYTES);
    in.mark(4);
    byte[] first = in.readNBytes(4);
    in.reset();
    if (first.length >= 2 && ((first[0] & 0xff) << 8 | first[1] & 0xff) == GZIP) {
      return new GZIPInputStream(in, Limits.BUFFER_BYTES);
    }
    return ZstdFrames.isFrame(first) ? new Zstd(new ZstdInputStream(new ZstdFrames(in))) : in;
  }

  /// The decompressor throws unchecked exceptions for some broken frames.
  private static final class Zstd extends FilterInputStream {
    private Zstd(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (RuntimeException e) {
        throw new IOException("the zstd stream is broken: " + e.getMessage(), e);
      }
    }
  }
}
