package io.direktiv.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Who shares a variable.
public enum VariableScope {
  INSTANCE,
  WORKFLOW,
  NAMESPACE;

  /// The scope of that word.
  public static Optional<VariableScope> of(String word) {
    return Arrays.stream(values()).filter(scope -> scope.word().equals(word)).findFirst();
  }

  /// The word in YAML and in paths.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
