package io.direktiv.functions.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what an earlier process of this server left: it kills what still runs, and takes away
/// control groups, mounts and folders.
///
/// What runs is found by its control group, since a crash may come before anything else was written
/// down. A process that has been killed may take a moment to go, and its group with it.
final class Sweeper {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
  private static final int KILL = 9;
  private static final int TRIES = 200;
  private static final int TRY_MILLIS = 25;

  private final Machine machine;

  Sweeper(Machine machine) {
    this.machine = machine;
  }

  void sweep() throws IOException {
    for (ControlGroup group : machine.groups().children()) {
      end(group);
      LOG.atInfo().addKeyValue("group", group.path()).log("leftover sandbox ended");
    }
    for (Path folder : folders(machine.bundles())) {
      machine.workspace(folder.getFileName().toString()).remove();
    }
    for (Path folder : folders(machine.disks())) {
      Workspace.delete(folder);
    }
    for (Path folder : folders(machine.tool().state())) {
      Workspace.delete(folder);
    }
  }

  private static void end(ControlGroup group) throws IOException {
    for (int i = 0; ; i++) {
      List<Integer> processes = group.processes();
      group.freeze(false);
      for (int process : processes) {
        Linux.kill(process, KILL);
      }
      try {
        group.remove();
        return;
      } catch (IOException e) {
        if (i == TRIES) {
          throw e;
        }
      }
      try {
        Thread.sleep(TRY_MILLIS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new IOException("sweeping was interrupted");
      }
    }
  }

  private static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
