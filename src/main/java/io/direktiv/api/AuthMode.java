package io.direktiv.api;

/// Whether callers must say who they are.
public enum AuthMode {
  /// Everybody may do everything; meant for a server that only its own machine reaches.
  OFF,
  /// Every call carries an API token.
  TOKENS
}
