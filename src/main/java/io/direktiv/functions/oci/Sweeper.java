package io.direktiv.functions.oci;

import io.direktiv.functions.oci.disk.Disks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Removes what an earlier process of this server left: it kills what still runs, and takes away
/// control groups, mounts and folders.
final class Sweeper {
  private final Machine machine;

  Sweeper(Machine machine) {
    this.machine = machine;
  }

  void sweep() throws IOException {
    machine.rights().endLeftovers();
    for (Path folder : folders(machine.bundles())) {
      machine.workspace(folder.getFileName().toString()).remove();
    }
    for (Path folder : folders(machine.disks())) {
      Disks.remove(folder);
      Workspace.delete(folder);
    }
    for (Path folder : folders(machine.tool().state())) {
      Workspace.delete(folder);
    }
  }

  private static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
