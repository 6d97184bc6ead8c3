package io.direktiv.functions.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// Writes small archives in the format of POSIX (ustar).
public final class Tar {
  /// What an archive is a multiple of, in bytes.
  public static final int BLOCK = 512;

  private Tar() {}

  /// An archive with `folder`, in which anybody may write, and `files` in it, which anybody may
  /// read.
  public static byte[] of(String folder, Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header(folder + "/", 0, 0777, '5'));
    files.forEach((name, bytes) -> {
      out.writeBytes(header(folder + "/" + name, bytes.length, 0666, '0'));
      out.writeBytes(bytes);
      out.writeBytes(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK]);
    });
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  private static byte[] header(String name, long size, int mode, char type) {
    byte[] header = new byte[BLOCK];
    put(header, 0, 100, name);
    put(header, 100, 8, octal(mode, 7));
    put(header, 108, 8, octal(0, 7));
    put(header, 116, 8, octal(0, 7));
    put(header, 124, 12, octal(size, 11));
    put(header, 136, 12, octal(System.currentTimeMillis() / 1_000, 11));
    put(header, 148, 8, "        ");
    header[156] = (byte) type;
    put(header, 257, 8, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, 8, octal(sum, 6) + "\0 ");
    return header;
  }

  private static String octal(long value, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "o", value);
  }

  private static void put(byte[] header, int at, int most, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > most) {
      throw new IllegalArgumentException("\"" + text + "\" is too long for an archive");
    }
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
