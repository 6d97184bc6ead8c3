package io.direktiv.functions.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/// Writes archives entry by entry, also such as no tool would write.
public final class TestTar {
  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int uid;
  private int mode = 0644;

  /// Whose the entries after this are, and who may use them.
  public TestTar owner(int user, int permissions) {
    uid = user;
    mode = permissions;
    return this;
  }

  /// A file.
  public TestTar file(String name, String text) {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /// A file.
  public TestTar file(String name, byte[] content) {
    return entry(name, '0', content, "");
  }

  /// A folder, with a mode that lets anybody look in.
  public TestTar folder(String name) {
    int before = mode;
    mode = 0755;
    entry(name, '5', new byte[0], "");
    mode = before;
    return this;
  }

  /// A symbolic link.
  public TestTar link(String name, String target) {
    return entry(name, '2', new byte[0], target);
  }

  /// A hard link.
  public TestTar hardLink(String name, String target) {
    return entry(name, '1', new byte[0], target);
  }

  /// Records of pax for the next entry.
  public TestTar pax(String... keysAndValues) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String record = " " + keysAndValues[i] + "=" + keysAndValues[i + 1] + "\n";
      int bytes = record.getBytes(StandardCharsets.UTF_8).length;
      int length = bytes + 1;
      while (String.valueOf(length).length() + bytes != length) {
        length++;
      }
      records.writeBytes((length + record).getBytes(StandardCharsets.UTF_8));
    }
    return entry("PaxHeader", 'x', records.toByteArray(), "");
  }

  /// Any entry; names and targets of more than 100 bytes are cut.
  public TestTar entry(String name, char type, byte[] content, String link) {
    header(name, type, content.length, link);
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    return this;
  }

  /// The header of an entry whose content follows, or does not.
  public TestTar header(String name, char type, long size, String link) {
    byte[] header = new byte[BLOCK];
    put(header, 0, 100, name);
    put(header, 100, 8, octal(mode, 7));
    put(header, 108, 8, octal(uid, 7));
    put(header, 116, 8, octal(uid, 7));
    put(header, 124, 12, octal(size, 11));
    put(header, 136, 12, octal(1_700_000_000, 11));
    put(header, 148, 8, "        ");
    header[156] = (byte) type;
    put(header, 157, 100, link);
    put(header, 257, 8, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, 8, octal(sum, 6) + "\0 ");
    out.writeBytes(header);
    return this;
  }

  /// Bytes as they are.
  public TestTar raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /// The archive, ended.
  public byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(out.toByteArray());
    whole.writeBytes(new byte[2 * BLOCK]);
    return whole.toByteArray();
  }

  /// `bytes` compressed.
  public static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String octal(long value, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "o", value);
  }

  private static void put(byte[] header, int at, int most, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, Math.min(most, bytes.length));
  }
}
