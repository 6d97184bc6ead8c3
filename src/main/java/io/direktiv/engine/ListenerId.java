package io.direktiv.engine;

/// Names the wait of one visit of a state for events; stable across restarts.
///
/// @param step the visit's step, from 1
public record ListenerId(InstanceId instance, int step) {
  @Override
  public String toString() {
    return instance + ":" + step;
  }
}
