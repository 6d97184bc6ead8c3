package io.direktiv.model.read;

import io.direktiv.model.FunctionDefinition.FileType;
import io.direktiv.model.FunctionDefinition.FunctionFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads which variables a function finds as files, and where.
final class FunctionFileReader {
  private static final int FILES_MAX = 100;
  private static final int PATH_BYTES_MAX = 1_000;
  private static final int NAME_BYTES_MAX = 255;

  /// What a contract writes into the same folder, or reads from there.
  private static final Set<String> RESERVED =
      Set.of("data.in", "data.out", "error.json", "log.log", "error.log", "action.id", "out");

  private FunctionFileReader() {}

  /// The files of a function, in the order of the file.
  static List<FunctionFile> files(Fields function) {
    List<Node> nodes = function.list("files");
    if (nodes.size() > FILES_MAX) {
      function.error(
          function.keyPlace("files"),
          function.what() + ": a function may have at most " + FILES_MAX + " files");
      return List.of();
    }
    List<FunctionFile> files = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    for (Node node : nodes) {
      Fields.of(function.context(), function.what() + " files", node)
          .flatMap(fields -> file(fields, paths))
          .ifPresent(files::add);
    }
    return files;
  }

  private static Optional<FunctionFile> file(Fields fields, Set<String> paths) {
    Optional<String> key = VariableFields.key(fields);
    var scope = VariableFields.scope(fields);
    Optional<String> as = fields.text("as");
    FileType type = type(fields);
    fields.finish();
    if (key.isEmpty()) {
      return Optional.empty();
    }
    String path = as.orElse(key.get());
    problem(path, paths)
        .ifPresent(problem ->
            fields.error(
                fields.place(as.isPresent() ? "as" : "key"),
                fields.what() + ": the path \"" + Fields.shorten(path) + "\" " + problem));
    return Optional.of(new FunctionFile(scope, key.get(), path, type));
  }

  private static FileType type(Fields fields) {
    String word = fields.text("type").orElse(FileType.PLAIN.word());
    for (FileType type : FileType.values()) {
      if (type.word().equals(word)) {
        return type;
      }
    }
    fields.error(
        fields.place("type"),
        fields.what()
            + ": type must be plain, base64, tar or tar.gz, but it is \""
            + Fields.shorten(word)
            + "\"");
    return FileType.PLAIN;
  }

  /// What is wrong with a path below the function's folder; each is taken only once.
  private static Optional<String> problem(String path, Set<String> paths) {
    List<String> names = List.of(path.split("/", -1));
    if (names.stream().anyMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."))) {
      return Optional.of(
          "must stay in the function's folder: write it without / at its ends, . and ..");
    }
    if (path.chars().anyMatch(Character::isISOControl)) {
      return Optional.of("must have no control characters");
    }
    if (bytes(path) > PATH_BYTES_MAX || names.stream().anyMatch(n -> bytes(n) > NAME_BYTES_MAX)) {
      return Optional.of(
          "is too long: a name has at most "
              + NAME_BYTES_MAX
              + " bytes and a path "
              + PATH_BYTES_MAX);
    }
    if (RESERVED.contains(names.getFirst())) {
      return Optional.of(
          "is one of those that mean something else: "
              + String.join(", ", RESERVED.stream().sorted().toList()));
    }
    return paths.add(path) ? Optional.empty() : Optional.of("is used in more than one file");
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
