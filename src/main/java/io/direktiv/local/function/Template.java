package io.direktiv.local.function;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A function to begin with: the files of a folder of this program's resources.
enum Template {
  GO("http", "function.go", "go.mod"),
  PYTHON("http", "function.py"),
  NODE("http", "function.js"),
  JAVA("http", "Function.java"),
  BASH("files", "function.sh");

  private static final String DOCKERFILE = "Dockerfile";
  private static final String WORKFLOW = "workflow.yml";

  private final String contract;
  private final List<String> sources;

  Template(String contract, String... sources) {
    this.contract = contract;
    this.sources = List.of(sources);
  }

  /// How it takes its input and gives its result.
  String contract() {
    return contract;
  }

  /// The one for a language.
  static Optional<Template> of(String word) {
    return Stream.of(values()).filter(each -> each.toString().equals(word)).findFirst();
  }

  /// The words for all languages.
  static String words() {
    return Stream.of(values()).map(Template::toString).collect(Collectors.joining(", "));
  }

  /// The word for its language.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The names of its files.
  List<String> files() {
    List<String> files = new ArrayList<>(sources);
    files.add(DOCKERFILE);
    files.add(WORKFLOW);
    return files;
  }

  /// Writes all files into `folder`, which is made where it is missing; when one cannot be written,
  /// none is left.
  void write(Path folder) throws IOException {
    List<Path> written = new ArrayList<>();
    boolean isNew = !Files.exists(folder);
    boolean isWhole = false;
    Files.createDirectories(folder);
    try {
      for (String name : files()) {
        Path file = Files.createFile(folder.resolve(name));
        written.add(file);
        Files.write(file, read(name));
      }
      isWhole = true;
    } finally {
      if (!isWhole) {
        for (Path file : written) {
          Files.deleteIfExists(file);
        }
        if (isNew) {
          Files.deleteIfExists(folder);
        }
      }
    }
  }

  private byte[] read(String name) throws IOException {
    String path = name.equals(WORKFLOW) ? name : this + "/" + name;
    try (InputStream in = Template.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("this program lacks " + path);
      }
      return in.readAllBytes();
    }
  }
}
