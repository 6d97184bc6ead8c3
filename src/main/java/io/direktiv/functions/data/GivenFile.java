package io.direktiv.functions.data;

import io.direktiv.functions.archive.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/// What a sandbox finds at a path below its data folder: names with slashes between them, and one
/// at the end of a folder's path.
public sealed interface GivenFile {
  /// How a folder is found: anybody may write to it.
  int FOLDER_MODE = 0777;

  /// A file that anybody may read.
  record Content(byte[] bytes, boolean isExecutable) implements GivenFile {
    /// How it is found.
    int mode() {
      return isExecutable ? 0755 : 0644;
    }
  }

  /// A folder, which may be empty.
  record Folder() implements GivenFile {}

  /// A file that cannot be run.
  static GivenFile of(byte[] bytes) {
    return new Content(bytes, false);
  }

  /// An archive of `files` in `folder`.
  static byte[] archive(String folder, Map<String, GivenFile> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      tar.folder(folder, FOLDER_MODE);
      for (Map.Entry<String, GivenFile> file : new TreeMap<>(files).entrySet()) {
        String path = folder + "/" + file.getKey();
        switch (file.getValue()) {
          case Folder() -> tar.folder(path.substring(0, path.length() - 1), FOLDER_MODE);
          case Content content -> tar.file(path, content.mode(), content.bytes());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
