package io.direktiv.engine;

/// Names a timer of an instance; stable across restarts.
///
/// @param name what it is for: `interrupt`, `kill`, or kind and step as in `delay:3`
public record TimerId(InstanceId instance, String name) {
  @Override
  public String toString() {
    return instance + ":" + name;
  }
}
