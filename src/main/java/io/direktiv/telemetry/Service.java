package io.direktiv.telemetry;

/// A part of the server that runs in the background.
///
/// Stop without start is fine, stop twice is fine, and stop returns when work has ended.
public interface Service {
  /// Begins to work.
  void start();

  /// Ends work.
  void stop();
}
