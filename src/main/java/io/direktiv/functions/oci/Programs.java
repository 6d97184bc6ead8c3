package io.direktiv.functions.oci;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The programs of this machine.
///
/// @param environment gives the value of a variable, null without one
record Programs(UnaryOperator<String> environment) {
  /// Where the programs of a machine's administrator are, whatever the variable says.
  private static final String WHERE =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /// The path of the program `name`.
  Optional<String> find(String name) {
    String path = environment.apply("PATH");
    return Stream.of(((path == null ? "" : path + ":") + WHERE).split(":"))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
