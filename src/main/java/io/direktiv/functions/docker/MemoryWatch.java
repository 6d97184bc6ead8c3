package io.direktiv.functions.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Sees whether the kernel killed a process of a container for memory.
///
/// An engine's own word is not enough: Podman on hybrid cgroups never gives it. The control group
/// of the container counts the kills, but is gone soon after the container, so it is read while the
/// container runs and once more when its output ends. Where the engine is on another machine there
/// is nothing to read, and the engine's word stands alone.
final class MemoryWatch {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");

  private final Optional<Path> counter;
  private volatile boolean sawKill;

  private MemoryWatch(Optional<Path> counter) {
    this.counter = counter;
  }

  /// A watch that sees nothing.
  static MemoryWatch blind() {
    return new MemoryWatch(Optional.empty());
  }

  /// A watch of the container whose first process is `pid` on this machine.
  static MemoryWatch of(long pid, String containerId) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
        // The id in the path proves that the process is the container's and not a stranger with
        // the same number on this machine.
        String[] parts = line.split(":", 3);
        if (parts.length == 3 && parts[2].contains(containerId)) {
          Optional<Path> counter = counter(parts[1], parts[2]);
          if (counter.isPresent()) {
            return new MemoryWatch(counter);
          }
        }
      }
    } catch (IOException _) {
      // It has ended already, or it is elsewhere.
    }
    return blind();
  }

  /// True when `pid` on this machine is a process of the container.
  static boolean isContainer(long pid, String containerId) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cgroup")).contains(containerId);
    } catch (IOException _) {
      return false;
    }
  }

  private static Optional<Path> counter(String controllers, String path) {
    Path counter =
        controllers.isEmpty()
            ? Path.of(GROUPS + path, "memory.events")
            : Path.of(GROUPS + "/memory" + path, "memory.oom_control");
    boolean isMemory = controllers.isEmpty() || controllers.equals("memory");
    return isMemory && Files.isReadable(counter) ? Optional.of(counter) : Optional.empty();
  }

  /// Reads the counter; false when there is nothing more to read.
  boolean look() {
    if (counter.isEmpty() || sawKill) {
      return false;
    }
    try {
      for (String line : Files.readAllLines(counter.get())) {
        String[] parts = line.split(" ");
        if (parts.length == 2 && parts[0].equals("oom_kill") && !parts[1].equals("0")) {
          sawKill = true;
        }
      }
      return !sawKill;
    } catch (IOException _) {
      return false;
    }
  }

  /// True when a kill was seen.
  boolean sawKill() {
    return sawKill;
  }
}
