package io.direktiv.execution;

/// The limits within which a server runs instances.
///
/// @param waitingEventsMax undelivered events of one namespace; more are refused
/// @param livingSubflowsMax subflows that live at one time below one instance that is none: its
///   own, theirs, and so on
public record ExecutionSettings(int waitingEventsMax, int livingSubflowsMax) {
  /// 100,000 waiting events a namespace, 10,000 living subflows.
  public static final ExecutionSettings DEFAULT = new ExecutionSettings(100_000, 10_000);
}
