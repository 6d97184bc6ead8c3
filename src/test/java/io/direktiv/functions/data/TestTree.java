package io.direktiv.functions.data;

import io.direktiv.functions.archive.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/// Archives for tests: names and contents in turn. A name with a slash at its end is a folder's and
/// has no content; one that begins with `TYPE:` is something bare of that type.
final class TestTree {
  private TestTree() {}

  static byte[] tar(String... namesAndContents) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      for (int i = 0; i < namesAndContents.length; i++) {
        String name = namesAndContents[i];
        if (name.endsWith("/")) {
          tar.folder(name.substring(0, name.length() - 1), 0755);
        } else if (name.length() > 2 && name.charAt(1) == ':') {
          tar.bare(name.substring(2), name.charAt(0));
        } else {
          byte[] content = namesAndContents[++i].getBytes(StandardCharsets.UTF_8);
          tar.file(name, name.endsWith(".sh") ? 0755 : 0644, content);
        }
      }
    }
    return bytes.toByteArray();
  }

  static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}
