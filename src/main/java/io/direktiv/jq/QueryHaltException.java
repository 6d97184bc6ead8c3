package io.direktiv.jq;

import io.direktiv.json.Json;
import java.util.Optional;

/// An evaluation that ended itself with `halt` or `halt_error`; jq's own `try` does not catch it.
public final class QueryHaltException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int exitCode;
  private final transient Json value;

  /// An end with `exitCode`; `value` is what `halt_error` says, or null for `halt`.
  public QueryHaltException(int exitCode, Json value) {
    super("the query halted with exit code " + exitCode);
    this.exitCode = exitCode;
    this.value = value;
  }

  /// The exit code that the query asks for.
  public int exitCode() {
    return exitCode;
  }

  /// What `halt_error` says: a string is meant to be written as it is, without a new line, anything
  /// else as JSON with one. Empty after `halt`.
  public Optional<Json> value() {
    return Optional.ofNullable(value);
  }
}
