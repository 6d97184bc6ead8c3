package io.direktiv.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where the text of a definition comes from.
public sealed interface Source {
  /// How a user names the standard input.
  String STANDARD_INPUT = "-";

  /// No more of a source is read than this: 64 MiB, far more than a definition or an input may
  /// have.
  int BYTES_MAX = 64 << 20;

  /// How problems name it.
  String name();

  /// Its bytes, anew with each call; of what has more than [#BYTES_MAX], one byte more than that.
  byte[] read() throws IOException;

  /// A file.
  record OfFile(Path path) implements Source {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public byte[] read() throws IOException {
      return bounded(path);
    }
  }

  /// The standard input, read once and kept.
  record OfInput(byte[] bytes) implements Source {
    @Override
    public String name() {
      return "<stdin>";
    }

    @Override
    public byte[] read() {
      return bytes.clone();
    }
  }

  /// What `path` names: the standard input, a file, or the YAML files directly in a folder, by
  /// name.
  ///
  /// @throws IOException when the standard input or the folder cannot be read
  static List<Source> of(Path path, InputStream in) throws IOException {
    if (path.toString().equals(STANDARD_INPUT)) {
      return List.of(new OfInput(bounded(in)));
    }
    if (!Files.isDirectory(path)) {
      return List.of(new OfFile(path));
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(Source::isYaml).sorted().<Source>map(OfFile::new).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// The bytes of a stream, at most one more than [#BYTES_MAX].
  static byte[] bounded(InputStream in) throws IOException {
    return in.readNBytes(BYTES_MAX + 1);
  }

  /// The bytes of a file, at most one more than [#BYTES_MAX].
  static byte[] bounded(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return bounded(in);
    }
  }

  private static boolean isYaml(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".yml") || name.endsWith(".yaml");
  }
}
