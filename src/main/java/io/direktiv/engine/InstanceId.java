package io.direktiv.engine;

import java.util.Optional;

/// Names an instance: `namespace/workflow/XXXXXX`.
///
/// @param suffix six letters
public record InstanceId(String namespace, String workflow, String suffix) {
  /// Reads `namespace/workflow/suffix`; empty when `text` has another shape.
  public static Optional<InstanceId> parse(String text) {
    String[] parts = text.split("/", -1);
    boolean isId =
        parts.length == 3 && !parts[0].isEmpty() && !parts[1].isEmpty() && !parts[2].isEmpty();
    return isId ? Optional.of(new InstanceId(parts[0], parts[1], parts[2])) : Optional.empty();
  }

  @Override
  public String toString() {
    return namespace + "/" + workflow + "/" + suffix;
  }
}
