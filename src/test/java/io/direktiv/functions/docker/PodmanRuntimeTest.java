package io.direktiv.functions.docker;

import java.nio.file.Files;
import java.nio.file.Path;

/// The contract of runtimes on a real Podman.
class PodmanRuntimeTest extends EngineContract {
  @Override
  TestEngine startEngine() {
    return PodmanEngine.start();
  }

  /// Podman passes over limits of memory and processes, and over ulimits, where it is not root and
  /// has no control groups of version 2 to manage.
  @Override
  protected String limitsMissing() {
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    boolean hasVersion2 = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
    return isRoot || hasVersion2
        ? ""
        : "Podman without root limits nothing under control groups of version 1";
  }
}
