package io.direktiv.functions.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// Reads an archive entry by entry, without trust: everything is bounded and nothing is written.
///
/// Understands POSIX headers, the records of pax that name, size or own an entry, and the large
/// numbers and long names of GNU. Names that are not UTF-8 carry U+FFFD where they are not. A
/// sparse file has the type `S`, whoever wrote it; its content is not put together.
public final class TarReader {
  private static final int EXTENSION_BYTES_MAX = 1 << 20;
  private static final int SKIP_BYTES = 64 << 10;
  private static final char SPARSE = 'S';

  private final InputStream in;
  private final long bytesMax;
  private byte[] waste;
  private long bytesRead;
  private long contentLeft;
  private int padding;

  /// A reader that fails with [TooLongException] after `bytesMax` bytes.
  public TarReader(InputStream in, long bytesMax) {
    this.in = in;
    this.bytesMax = bytesMax;
  }

  /// An archive that is longer than wanted.
  public static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException() {
      super("the archive is too long");
    }
  }

  /// An entry.
  ///
  /// @param type the flag of POSIX: `0` a file, `1` a hard link, `2` a symbolic link, `5` a folder,
  ///   …
  /// @param link what a link leads to, else empty
  public record Entry(String name, char type, long size, String link, Owner owner) {
    /// True for a file with content.
    public boolean isFile() {
      return type == '0' || type == '\0' || type == '7';
    }

    /// What it is, when it is no file.
    public String kind() {
      return switch (type) {
        case '1' -> "a hard link";
        case '2' -> "a symbolic link";
        case '3', '4' -> "a device";
        case '5' -> "a directory";
        case '6' -> "a named pipe";
        case SPARSE -> "a sparse file";
        default -> "something unknown";
      };
    }
  }

  /// To whom an entry belongs, who may use it, and since when. What an archive says badly is 0.
  ///
  /// @param mode permission bits, with those for set-uid, set-gid and sticky
  /// @param modifiedSeconds since 1970
  public record Owner(long uid, long gid, int mode, long modifiedSeconds) {}

  /// The next entry; empty at the end. What is unread of the entry before it is left out.
  public Optional<Entry> next() throws IOException {
    Extensions extensions = new Extensions();
    while (true) {
      skip(contentLeft + padding);
      byte[] header = new byte[TarWriter.BLOCK];
      if (!readBlock(header) || isZero(header)) {
        return Optional.empty();
      }
      char type = (char) (header[156] & 0xff);
      setContent(number(header, 124, 12));
      switch (type) {
        case 'x' -> extensions.readPax(extension());
        case 'L' -> extensions.name = text(extension(), 0, -1);
        case 'K' -> extensions.link = text(extension(), 0, -1);
        case 'g' -> extension();
        default -> {
          return Optional.of(entry(header, type, extensions));
        }
      }
    }
  }

  private Entry entry(byte[] header, char type, Extensions more) throws IOException {
    if (more.size >= 0) {
      setContent(more.size);
    }
    if (type >= '1' && type <= '6') {
      // Only their header counts, whatever size it says (POSIX.1-2001, ustar, typeflag).
      setContent(0);
    }
    Owner owner =
        new Owner(
            more.uid >= 0 ? more.uid : lenient(header, 108, 8),
            more.gid >= 0 ? more.gid : lenient(header, 116, 8),
            (int) lenient(header, 100, 8) & 07777,
            more.modified >= 0 ? more.modified : lenient(header, 136, 12));
    String name = more.name != null ? more.name : name(header);
    String link = more.link != null ? more.link : text(header, 157, 100);
    return new Entry(name, more.isSparse ? SPARSE : type, contentLeft, link, owner);
  }

  /// The content of the current entry, at most `most` bytes of it.
  public byte[] content(int most) throws IOException {
    byte[] bytes = new byte[(int) Math.min(contentLeft, most)];
    readFully(bytes, bytes.length);
    contentLeft -= bytes.length;
    return bytes;
  }

  /// Reads the next bytes of the current entry's content.
  ///
  /// @return how many, or -1 at its end
  public int read(byte[] buffer) throws IOException {
    if (contentLeft == 0) {
      return -1;
    }
    int got = in.read(buffer, 0, (int) Math.min(buffer.length, contentLeft));
    if (got < 0) {
      throw new EOFException("the archive ended early");
    }
    count(got);
    contentLeft -= got;
    return got;
  }

  /// How many bytes of the archive were read; right after [#next], where the content begins.
  public long position() {
    return bytesRead;
  }

  private void setContent(long size) throws IOException {
    if (size < 0) {
      throw new IOException("the archive has an entry of a negative size");
    }
    contentLeft = size;
    padding = (int) ((TarWriter.BLOCK - size % TarWriter.BLOCK) % TarWriter.BLOCK);
  }

  private byte[] extension() throws IOException {
    if (contentLeft > EXTENSION_BYTES_MAX) {
      throw new IOException("the archive has an extension of more than 1 MiB");
    }
    return content(EXTENSION_BYTES_MAX);
  }

  /// What extension headers say about the entry that follows.
  private static final class Extensions {
    private static final Set<String> SPARSE_KEYS =
        Set.of("GNU.sparse.major", "GNU.sparse.map", "GNU.sparse.size", "GNU.sparse.realsize");

    private String name;
    private String link;
    private long size = -1;
    private long uid = -1;
    private long gid = -1;
    private long modified = -1;
    private boolean isSparse;

    /// Records of pax are `LENGTH KEY=VALUE\n`, where the length counts the whole record.
    private void readPax(byte[] records) throws IOException {
      int at = 0;
      while (at < records.length) {
        int blank = at;
        while (blank < records.length && records[blank] != ' ') {
          blank++;
        }
        long length = decimal(text(records, at, blank - at));
        if (length <= blank - at + 1
            || length > records.length - at
            || records[at + (int) length - 1] != '\n') {
          throw new IOException("the archive has an extension of the wrong length");
        }
        int end = at + (int) length;
        String record = new String(records, blank + 1, end - blank - 2, StandardCharsets.UTF_8);
        int equals = record.indexOf('=');
        if (equals > 0) {
          put(record.substring(0, equals), record.substring(equals + 1));
        }
        at = end;
      }
    }

    private void put(String key, String value) throws IOException {
      switch (key) {
        case "path" -> name = value;
        case "linkpath" -> link = value;
        case "size" -> size = required(value);
        case "uid" -> uid = decimal(value);
        case "gid" -> gid = decimal(value);
        case "mtime" -> modified = decimal(value.replaceFirst("\\..*", ""));
        default -> isSparse = isSparse || SPARSE_KEYS.contains(key);
      }
    }

    private static long required(String digits) throws IOException {
      long value = decimal(digits);
      if (value < 0) {
        throw new IOException("the archive has a size that is no number");
      }
      return value;
    }

    /// The number, or -1.
    private static long decimal(String digits) {
      return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
    }
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

  private static long lenient(byte[] header, int at, int length) {
    try {
      return number(header, at, length);
    } catch (IOException _) {
      return 0;
    }
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
    int got = in.readNBytes(block, 0, block.length);
    count(got);
    return got > 0;
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
    if (waste == null && bytes > 0) {
      waste = new byte[SKIP_BYTES];
    }
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
