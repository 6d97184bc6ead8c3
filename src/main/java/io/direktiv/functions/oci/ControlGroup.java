package io.direktiv.functions.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The control group of one sandbox, under version 1, version 2 or both (hybrid).
///
/// The program makes and fills it; here the kills for memory are counted, which an exit code does
/// not tell, and what the program left behind is removed. Sources: the kernel's
/// `admin-guide/cgroup-v1` and `cgroup-v2`.
///
/// @param path below each hierarchy's root, begins with a slash
record ControlGroup(String path) implements Rights.Hold {
  private static final Path HIERARCHIES = Path.of("/sys/fs/cgroup");

  /// True when one hierarchy has all controllers.
  static boolean isUnified() {
    return Files.exists(HIERARCHIES.resolve("cgroup.controllers"));
  }

  /// True when version 1 has the controllers and version 2 is there beside it.
  static boolean isHybrid() {
    return !isUnified() && Files.exists(HIERARCHIES.resolve("unified/cgroup.controllers"));
  }

  @Override
  public void begin(Child child, long memoryBytes) {
    // The program that made the sandbox has put it here, limits and all.
  }

  /// True when the kernel killed a process of the group for memory.
  @Override
  public boolean sawMemoryKill() {
    return counter("", "memory.events")
        .or(() -> counter("memory", "memory.oom_control"))
        .map(text -> text.lines().anyMatch(line -> line.matches("oom_kill [1-9]\\d*")))
        .orElse(false);
  }

  /// Stops or continues every process of the group; false where there is no freezer.
  @Override
  public boolean freeze(boolean isFrozen) {
    return write("", "cgroup.freeze", isFrozen ? "1" : "0")
        || write("freezer", "freezer.state", isFrozen ? "FROZEN" : "THAWED");
  }

  private Optional<String> counter(String controller, String file) {
    try {
      return Optional.of(Files.readString(folder(controller).resolve(file)));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private boolean write(String controller, String file, String value) {
    Path target = folder(controller).resolve(file);
    if (!Files.isWritable(target)) {
      return false;
    }
    try {
      Files.writeString(target, value);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private Path folder(String controller) {
    return Path.of(HIERARCHIES + (controller.isEmpty() ? "" : "/" + controller) + path);
  }

  /// Removes the group from every hierarchy; it has no process any more.
  @Override
  public void remove() throws IOException {
    for (Path hierarchy : hierarchies()) {
      Path group = Path.of(hierarchy + path);
      try {
        Files.deleteIfExists(group);
      } catch (NoSuchFileException _) {
        // Its parent is gone as well.
      }
    }
  }

  /// The processes in the group.
  List<Integer> processes() throws IOException {
    List<Integer> processes = new ArrayList<>();
    for (Path hierarchy : hierarchies()) {
      Path members = Path.of(hierarchy + path, "cgroup.procs");
      if (Files.isReadable(members)) {
        Files.readAllLines(members).stream().map(Integer::valueOf).forEach(processes::add);
      }
    }
    return processes.stream().distinct().toList();
  }

  /// The groups below this one, in any hierarchy.
  List<ControlGroup> children() throws IOException {
    List<ControlGroup> children = new ArrayList<>();
    for (Path hierarchy : hierarchies()) {
      Path group = Path.of(hierarchy + path);
      if (!Files.isDirectory(group)) {
        continue;
      }
      try (Stream<Path> entries = Files.list(group)) {
        entries
            .filter(Files::isDirectory)
            .map(entry -> new ControlGroup(path + "/" + entry.getFileName()))
            .forEach(children::add);
      }
    }
    return children.stream().distinct().toList();
  }

  private static List<Path> hierarchies() throws IOException {
    if (isUnified()) {
      return List.of(HIERARCHIES);
    }
    try (Stream<Path> entries = Files.list(HIERARCHIES)) {
      // Links such as "cpu" to "cpu,cpuacct" lead to hierarchies that are listed themselves.
      return entries
          .filter(entry -> Files.isDirectory(entry) && !Files.isSymbolicLink(entry))
          .toList();
    }
  }
}
