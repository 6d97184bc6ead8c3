package io.direktiv.execution;

/// The limits within which a server runs instances.
///
/// @param waitingEventsMax undelivered events of one namespace; more are refused
public record ExecutionSettings(int waitingEventsMax) {
  /// 100,000 waiting events a namespace.
  public static final ExecutionSettings DEFAULT = new ExecutionSettings(100_000);
}
