package io.direktiv.functions.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads an archive entry by entry, without trust: everything is bounded and nothing is written.
///
/// Understands what engines write: POSIX headers with `size` and `path` of pax, and the large sizes
/// and long names of GNU.
final class TarReader {
  private static final int EXTENSION_BYTES_MAX = 64 << 10;
  private static final int SKIP_BYTES = 16 << 10;

  private final InputStream in;
  private final long bytesMax;
  private long bytesRead;
  private long contentLeft;
  private int padding;

  /// A reader that fails with [TooLongException] after `bytesMax` bytes.
  TarReader(InputStream in, long bytesMax) {
    this.in = in;
    this.bytesMax = bytesMax;
  }

  /// An archive that is longer than wanted.
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException() {
      super("the archive is too long");
    }
  }

  /// An entry.
  ///
  /// @param type the flag of POSIX: `0` a file, `1` a hard link, `2` a symbolic link, `5` a folder,
  ///   …
  record Entry(String name, char type, long size) {
    boolean isFile() {
      return type == '0' || type == '\0' || type == '7';
    }

    /// What it is, when it is no file.
    String kind() {
      return switch (type) {
        case '1' -> "a hard link";
        case '2' -> "a symbolic link";
        case '3', '4' -> "a device";
        case '5' -> "a directory";
        case '6' -> "a named pipe";
        default -> "something unknown";
      };
    }
  }

  /// The next entry; empty at the end. What is unread of the entry before it is left out.
  Optional<Entry> next() throws IOException {
    String longName = null;
    long longSize = -1;
    while (true) {
      skip(contentLeft + padding);
      byte[] header = new byte[Tar.BLOCK];
      if (!readBlock(header) || isZero(header)) {
        return Optional.empty();
      }
      char type = (char) (header[156] & 0xff);
      setContent(number(header, 124, 12));
      switch (type) {
        case 'x' -> {
          String pax = extension();
          longName = Optional.ofNullable(paxValue(pax, "path")).orElse(longName);
          String size = paxValue(pax, "size");
          longSize = size != null && size.matches("[0-9]{1,18}") ? Long.parseLong(size) : longSize;
        }
        case 'L' -> longName = text(extension().getBytes(StandardCharsets.UTF_8), 0, -1);
        case 'g', 'K' -> extension();
        default -> {
          if (longSize >= 0) {
            setContent(longSize);
          }
          String name = longName != null ? longName : name(header);
          return Optional.of(new Entry(name, type, contentLeft));
        }
      }
    }
  }

  /// The content of the current entry, at most `most` bytes of it.
  byte[] content(int most) throws IOException {
    byte[] bytes = new byte[(int) Math.min(contentLeft, most)];
    readFully(bytes, bytes.length);
    contentLeft -= bytes.length;
    return bytes;
  }

  private void setContent(long size) throws IOException {
    if (size < 0) {
      throw new IOException("the archive has an entry of a negative size");
    }
    contentLeft = size;
    padding = (int) ((Tar.BLOCK - size % Tar.BLOCK) % Tar.BLOCK);
  }

  private String extension() throws IOException {
    if (contentLeft > EXTENSION_BYTES_MAX) {
      throw new IOException("the archive has an extension of more than 64 KiB");
    }
    return new String(content(EXTENSION_BYTES_MAX), StandardCharsets.UTF_8);
  }

  /// Records of pax are `LENGTH KEY=VALUE\n`.
  private static String paxValue(String records, String key) {
    for (String record : records.split("\n")) {
      int blank = record.indexOf(' ');
      if (blank > 0 && record.startsWith(key + "=", blank + 1)) {
        return record.substring(blank + key.length() + 2);
      }
    }
    return null;
  }

  private static String name(byte[] header) {
    String name = text(header, 0, 100);
    boolean isPosix = text(header, 257, 5).equals("ustar") && header[262] == 0;
    String prefix = isPosix ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String text(byte[] bytes, int at, int most) {
    int end = at;
    int last = most < 0 ? bytes.length : at + most;
    while (end < last && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, at, end - at, StandardCharsets.UTF_8);
  }

  /// Octal digits, or GNU's big-endian binary when the first bit is set.
  private static long number(byte[] header, int at, int length) throws IOException {
    long value = 0;
    if ((header[at] & 0x80) != 0) {
      for (int i = at + 1; i < at + length; i++) {
        if (value > Long.MAX_VALUE >> 9) {
          throw new IOException("the archive has an entry of a size beyond all bounds");
        }
        value = value << 8 | header[i] & 0xff;
      }
      return value;
    }
    for (char c : text(header, at, length).strip().toCharArray()) {
      if (c < '0' || c > '7') {
        throw new IOException("the archive has a size that is no number");
      }
      value = value * 8 + (c - '0');
    }
    return value;
  }

  private static boolean isZero(byte[] header) {
    for (byte b : header) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private boolean readBlock(byte[] block) throws IOException {
    int first = in.read();
    if (first < 0) {
      return false;
    }
    count(1);
    block[0] = (byte) first;
    count(in.readNBytes(block, 1, block.length - 1));
    return true;
  }

  private void readFully(byte[] bytes, int length) throws IOException {
    int got = in.readNBytes(bytes, 0, length);
    count(got);
    if (got < length) {
      throw new EOFException("the archive ended early");
    }
  }

  private void skip(long bytes) throws IOException {
    if (bytes > bytesMax - bytesRead) {
      throw new TooLongException();
    }
    byte[] waste = new byte[(int) Math.min(bytes, SKIP_BYTES)];
    for (long left = bytes; left > 0; left -= Math.min(left, waste.length)) {
      readFully(waste, (int) Math.min(left, waste.length));
    }
    contentLeft = 0;
    padding = 0;
  }

  private void count(int bytes) throws IOException {
    bytesRead += bytes;
    if (bytesRead > bytesMax) {
      throw new TooLongException();
    }
  }
}
