package io.direktiv.functions.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Writes an archive in the format of POSIX (ustar, and a record of pax for a long name). What
/// comes out depends on what is put in alone: entries have no owner and no time. Closing ends the
/// archive and closes what it is written to.
public final class TarWriter implements AutoCloseable {
  /// What an archive is a multiple of, in bytes.
  public static final int BLOCK = 512;

  private static final int NAME_BYTES_MAX = 100;
  private static final String LONG_NAME = "long-name";

  private final OutputStream out;

  /// A writer to `out`.
  public TarWriter(OutputStream out) {
    this.out = out;
  }

  /// Adds a folder.
  ///
  /// @param name without a slash at its end
  public void folder(String name, int mode) throws IOException {
    entry(name + "/", '5', mode, new byte[0]);
  }

  /// Adds a file.
  public void file(String name, int mode, byte[] bytes) throws IOException {
    entry(name, '0', mode, bytes);
  }

  /// Adds something that has no content, such as a link, to tell that it was there.
  ///
  /// @param type the flag of POSIX
  public void bare(String name, char type) throws IOException {
    entry(name, type, 0, new byte[0]);
  }

  /// Bytes that an entry takes whose name is not long.
  public static long size(long contentBytes) {
    return BLOCK + (contentBytes + BLOCK - 1) / BLOCK * BLOCK;
  }

  private void entry(String name, char type, int mode, byte[] bytes) throws IOException {
    byte[] written = name.getBytes(StandardCharsets.UTF_8);
    boolean isLong = written.length > NAME_BYTES_MAX;
    if (isLong) {
      content(LONG_NAME, 'x', 0644, pax("path", name));
    }
    content(isLong ? LONG_NAME : name, type, mode, bytes);
  }

  /// A record `LENGTH KEY=VALUE\n`, where the length counts the whole record.
  private static byte[] pax(String key, String value) {
    byte[] rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8);
    int length = rest.length + 1;
    while (Integer.toString(length).length() + rest.length != length) {
      length++;
    }
    byte[] digits = Integer.toString(length).getBytes(StandardCharsets.US_ASCII);
    byte[] record = new byte[length];
    System.arraycopy(digits, 0, record, 0, digits.length);
    System.arraycopy(rest, 0, record, digits.length, rest.length);
    return record;
  }

  private void content(String name, char type, int mode, byte[] bytes) throws IOException {
    out.write(header(name, bytes.length, mode, type));
    out.write(bytes);
    out.write(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK]);
  }

  private static byte[] header(String name, long size, int mode, char type) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, octal(mode, 7));
    put(header, 108, octal(0, 7));
    put(header, 116, octal(0, 7));
    put(header, 124, octal(size, 11));
    put(header, 136, octal(0, 11));
    put(header, 148, "        ");
    header[156] = (byte) type;
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, octal(sum, 6) + "\0 ");
    return header;
  }

  private static String octal(long value, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "o", value);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }
}
