package io.direktiv.functions.docker;

/// The contract of runtimes on a real Podman.
class PodmanRuntimeTest extends EngineContract {
  @Override
  TestEngine startEngine() {
    return PodmanEngine.start();
  }
}
