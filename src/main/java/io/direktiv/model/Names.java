package io.direktiv.model;

import java.util.regex.Pattern;

/// The patterns that names must match (reference 1.2).
public final class Names {
  /// Namespaces and workflows.
  public static final Pattern ID = Pattern.compile("^[a-z][a-z0-9._-]{1,34}[a-z0-9]$");

  /// Functions; the seed uses `send-email`.
  public static final Pattern FUNCTION = Pattern.compile("^[A-Za-z0-9._-]+$");

  /// Variables.
  public static final Pattern VARIABLE =
      Pattern.compile("^(([a-zA-Z_][a-zA-Z0-9_\\-.]*[a-zA-Z0-9_])|([a-zA-Z_]))$");

  private Names() {}
}
