package io.direktiv.model;

import java.util.List;
import java.util.Optional;

/// A container that actions may call.
///
/// @param command replaces the image's command
/// @param scale how many sandboxes to keep ready at least, where the runtime makes them ahead
public record FunctionDefinition(
    String id,
    String image,
    Size size,
    Optional<String> command,
    int scale,
    Optional<String> contract,
    Optional<String> isolation,
    List<FunctionFile> files) {
  public FunctionDefinition {
    files = List.copyOf(files);
  }

  /// How much a sandbox may use.
  public enum Size {
    SMALL,
    MEDIUM,
    LARGE
  }

  /// A variable that the function finds as a file.
  public record FunctionFile(VariableScope scope, String key, String as, String type) {}
}
