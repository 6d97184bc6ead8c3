package io.direktiv.model;

import java.util.Locale;

/// Who shares a variable.
public enum VariableScope {
  INSTANCE,
  WORKFLOW,
  NAMESPACE;

  /// The word in YAML and in paths.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
