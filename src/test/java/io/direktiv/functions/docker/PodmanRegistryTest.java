package io.direktiv.functions.docker;

/// Pulls of a real Podman.
class PodmanRegistryTest extends RegistryContract {
  @Override
  TestEngine startEngine(String... registry) {
    return PodmanEngine.start(registry);
  }
}
