package io.direktiv.model.read;

import io.direktiv.model.FunctionDefinition;
import io.direktiv.model.Names;
import io.direktiv.model.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads the functions of a workflow.
///
/// What the language has and no server runs yet is a warning here, because a call of it can only
/// fail: an author hears of it when the file is saved, not when the workflow runs.
final class FunctionReader {
  private static final Words CONTRACTS = new Words(List.of("files", "http", "stdio"), List.of());
  private static final Words ISOLATIONS =
      new Words(
          List.of("auto", "container", "docker", "oci"),
          List.of("microvm", "firecracker", "vorteil"));
  private static final String NOT_RUN =
      " is not run by this release, and calls fail with direktiv.function.unavailable; ";

  private final Fields.Context context;

  FunctionReader(Fields.Context context) {
    this.context = context;
  }

  /// The values that a field may have: those that are run, and those that are only known.
  private record Words(List<String> run, List<String> later) {
    List<String> all() {
      return Stream.concat(run.stream(), later.stream()).toList();
    }
  }

  /// The functions by id, in the order of the file.
  Map<String, FunctionDefinition> functions(Fields workflow) {
    Map<String, FunctionDefinition> functions = new LinkedHashMap<>();
    List<Node> nodes = workflow.list("functions");
    for (int i = 0; i < nodes.size(); i++) {
      String what = "workflow function[" + i + "]";
      Optional<Fields> fields = Fields.of(context, what, nodes.get(i));
      Optional<FunctionDefinition> function = fields.flatMap(this::function);
      if (function.isPresent()
          && functions.putIfAbsent(function.get().id(), function.get()) != null) {
        context
            .problems()
            .error(
                fields.get().place("id"),
                "function id '" + function.get().id() + "' is used in more than one function");
      }
    }
    return functions;
  }

  private Optional<FunctionDefinition> function(Fields fields) {
    Optional<String> id = fields.required("id", fields.what() + " is invalid: id required");
    if (fields.has("type")) {
      context.problems().laterDialect(fields.keyPlace("type"), "function \"type\"");
      fields.node("type");
    }
    Optional<String> image =
        fields.required("image", fields.what() + " is invalid: image required");
    if (id.isPresent() && !Names.FUNCTION.matcher(id.get()).matches()) {
      fields.error(
          fields.place("id"), fields.what() + ": function id must match regex: " + Names.FUNCTION);
    }
    FunctionDefinition.Size size = size(fields);
    Optional<String> command = fields.text("cmd");
    int scale = fields.integer("scale", 0, 1_000).orElse(0);
    Optional<String> contract = word(fields, "contract", CONTRACTS);
    Optional<String> isolation = word(fields, "isolation", ISOLATIONS);
    List<FunctionDefinition.FunctionFile> files = FunctionFileReader.files(fields);
    fields.finish();
    if (id.isEmpty() || image.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new FunctionDefinition(
            id.get(), image.get(), size, command, scale, contract, isolation, files));
  }

  private Optional<String> word(Fields fields, String name, Words words) {
    Optional<String> word = fields.text(name);
    if (word.isPresent() && words.later().contains(word.get())) {
      String instead = "leave it out, or write " + either(words.run(), "\"");
      warn(fields, fields.place(name), name + " \"" + word.get() + "\"" + NOT_RUN + instead);
    } else if (word.isPresent() && !words.run().contains(word.get())) {
      fields.error(
          fields.place(name),
          fields.what()
              + ": "
              + name
              + " must be "
              + either(words.all(), "")
              + ", but it is \""
              + Fields.shorten(word.get())
              + "\""
              + Nearest.to(word.get(), words.all())
                  .map(near -> "; did you mean \"" + near + "\"?")
                  .orElse(""));
    }
    return word;
  }

  /// `a, b or c`.
  private static String either(List<String> words, String quote) {
    List<String> quoted = words.stream().map(word -> quote + word + quote).toList();
    String last = quoted.getLast();
    return quoted.size() == 1
        ? last
        : String.join(", ", quoted.subList(0, quoted.size() - 1)) + " or " + last;
  }

  private void warn(Fields fields, Place place, String message) {
    context.problems().warning(place, fields.what() + ": " + message);
  }

  private static FunctionDefinition.Size size(Fields fields) {
    Optional<String> word = fields.text("size");
    if (word.isEmpty()) {
      return FunctionDefinition.Size.SMALL;
    }
    for (FunctionDefinition.Size size : FunctionDefinition.Size.values()) {
      if (size.name().equalsIgnoreCase(word.get())) {
        return size;
      }
    }
    fields.error(
        fields.place("size"),
        fields.what()
            + ": size must be small, medium or large, but it is \""
            + Fields.shorten(word.get())
            + "\"");
    return FunctionDefinition.Size.SMALL;
  }
}
