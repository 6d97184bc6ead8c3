package io.direktiv.functions.docker;

/// The contract of runtimes on a real Docker.
class DockerRuntimeTest extends EngineContract {
  @Override
  TestEngine startEngine() {
    return DockerEngine.start();
  }
}
