package io.direktiv.functions.image.unpack;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// The frames of a zstd stream that have content (RFC 8878, section 3.1), each checked before a
/// decompressor sees it.
///
/// Frames that are to be skipped are, which the decompressor cannot; they are how seekable layers
/// carry their index. A frame that wants a larger window than [Limits#ZSTD_WINDOW_BYTES_MAX] is
/// refused, since that is memory.
final class ZstdFrames extends InputStream {
  private static final long MAGIC = 0xfd2fb528L;
  private static final long SKIPPABLE = 0x184d2a50L;
  private static final long SKIPPABLE_MASK = 0xfffffff0L;
  private static final int[] DICTIONARY_BYTES = {0, 1, 2, 4};
  private static final int[] SIZE_BYTES = {0, 2, 4, 8};
  private static final int BLOCK_RLE = 1;
  private static final int BLOCK_RESERVED = 3;

  private final InputStream in;

  /// Bytes that were looked at and are still to be given out.
  private final byte[] head = new byte[18];

  private int headAt;
  private int headEnd;

  /// Bytes that come after the head and need no look.
  private long bodyLeft;

  /// Where a frame is.
  private enum Next {
    FRAME,
    BLOCK,
    CHECKSUM
  }

  private Next next = Next.FRAME;
  private boolean hasChecksum;

  ZstdFrames(InputStream in) {
    this.in = in;
  }

  /// True when a frame begins with these four bytes.
  static boolean isFrame(byte[] first) {
    return first.length == 4
        && (little(first, 0, 4) == MAGIC || (little(first, 0, 4) & SKIPPABLE_MASK) == SKIPPABLE);
  }

  private static long little(byte[] bytes, int at, int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xff;
    }
    return value;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (headAt == headEnd && bodyLeft == 0) {
      if (!advance()) {
        return -1;
      }
    }
    if (headAt < headEnd) {
      int count = Math.min(length, headEnd - headAt);
      System.arraycopy(head, headAt, bytes, offset, count);
      headAt += count;
      return count;
    }
    int got = in.read(bytes, offset, (int) Math.min(length, bodyLeft));
    if (got < 0) {
      throw ended();
    }
    bodyLeft -= got;
    return got;
  }

  private static EOFException ended() {
    return new EOFException("the zstd stream ended early");
  }

  /// Looks at the next piece; false at the end of the stream.
  private boolean advance() throws IOException {
    headAt = 0;
    headEnd = 0;
    switch (next) {
      case FRAME -> {
        return frame();
      }
      case BLOCK -> block();
      case CHECKSUM -> {
        bodyLeft = 4;
        next = Next.FRAME;
      }
    }
    return true;
  }

  private boolean frame() throws IOException {
    int got = in.readNBytes(head, 0, 4);
    if (got == 0) {
      return false;
    }
    headEnd = got;
    if (got < 4) {
      throw ended();
    }
    long magic = little(head, 0, 4);
    if ((magic & SKIPPABLE_MASK) == SKIPPABLE) {
      take(4);
      in.skipNBytes(little(head, 4, 4));
      headEnd = 0;
      return true;
    }
    if (magic != MAGIC) {
      throw new IOException("the zstd stream has something else between its frames");
    }
    header();
    next = Next.BLOCK;
    return true;
  }

  private void header() throws IOException {
    take(1);
    int descriptor = head[4] & 0xff;
    boolean isSingle = (descriptor & 0x20) != 0;
    hasChecksum = (descriptor & 0x04) != 0;
    int sizeFlag = descriptor >> 6;
    int sizeBytes = sizeFlag == 0 && isSingle ? 1 : SIZE_BYTES[sizeFlag];
    int dictionaryBytes = DICTIONARY_BYTES[descriptor & 3];
    take((isSingle ? 0 : 1) + dictionaryBytes + sizeBytes);
    long window = isSingle ? size(headEnd - sizeBytes, sizeBytes) : window(head[5] & 0xff);
    if (window < 0 || window > Limits.ZSTD_WINDOW_BYTES_MAX) {
      throw new BadLayerException(
          "needs a zstd window of more than 8 MiB; compress it without --long");
    }
  }

  private long size(int at, int length) {
    return little(head, at, length) + (length == 2 ? 256 : 0);
  }

  private static long window(int descriptor) {
    long base = 1L << (10 + (descriptor >> 3));
    return base + base / 8 * (descriptor & 7);
  }

  private void block() throws IOException {
    take(3);
    long header = little(head, 0, 3);
    int type = (int) (header >> 1) & 3;
    if (type == BLOCK_RESERVED) {
      throw new IOException("the zstd stream has a block of an unknown type");
    }
    bodyLeft = type == BLOCK_RLE ? 1 : header >> 3;
    boolean isLast = (header & 1) != 0;
    next = !isLast ? Next.BLOCK : hasChecksum ? Next.CHECKSUM : Next.FRAME;
  }

  private void take(int count) throws IOException {
    int got = in.readNBytes(head, headEnd, count);
    headEnd += got;
    if (got < count) {
      throw ended();
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
