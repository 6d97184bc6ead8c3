package io.direktiv.functions.docker;

/// Pulls of a real Docker.
class DockerRegistryTest extends RegistryContract {
  @Override
  TestEngine startEngine(String... registry) {
    return DockerEngine.start();
  }
}
