package io.direktiv.functions.docker;

import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Who made a container, written on its labels, so that leftovers can be told from what runs.
///
/// @param owner names the server across restarts, such as its data folder; empty for a process that
///   leaves no data
/// @param machine the boot and the process namespace in which `pid` means something
/// @param pid the process
/// @param started when it started, since a number is given again
/// @param run drawn anew by each process
record Owner(String owner, String machine, long pid, long started, String run) {
  static final String SANDBOX_LABEL = "io.direktiv.sandbox";
  private static final String OWNER_LABEL = "io.direktiv.owner";
  private static final String MACHINE_LABEL = "io.direktiv.machine";
  private static final String PID_LABEL = "io.direktiv.pid";
  private static final String STARTED_LABEL = "io.direktiv.started";
  private static final String RUN_LABEL = "io.direktiv.run";

  /// This process.
  static Owner ofThisProcess(String owner) {
    ProcessHandle self = ProcessHandle.current();
    return new Owner(owner, thisMachine(), self.pid(), started(self), UUID.randomUUID().toString());
  }

  private static String thisMachine() {
    try {
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return boot + "/" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException _) {
      return "";
    }
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /// The labels of a container for sandbox `id`.
  JsonObject labels(String id) {
    return JsonObject.builder()
        .put(SANDBOX_LABEL, id)
        .put(OWNER_LABEL, owner)
        .put(MACHINE_LABEL, machine)
        .put(PID_LABEL, Long.toString(pid))
        .put(STARTED_LABEL, Long.toString(started))
        .put(RUN_LABEL, run)
        .build();
  }

  /// True when these labels are of this very process.
  boolean isMine(JsonObject labels) {
    return run.equals(text(labels, RUN_LABEL));
  }

  /// True when these labels are of an earlier process of this server, or of a process of this
  /// machine that has ended.
  boolean isOfTheDead(JsonObject labels) {
    if (isMine(labels)) {
      return false;
    }
    if (!owner.isEmpty() && owner.equals(text(labels, OWNER_LABEL))) {
      return true;
    }
    return !machine.isEmpty() && machine.equals(text(labels, MACHINE_LABEL)) && hasEnded(labels);
  }

  private static boolean hasEnded(JsonObject labels) {
    try {
      Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(text(labels, PID_LABEL)));
      long began = Long.parseLong(text(labels, STARTED_LABEL));
      return process.isEmpty() || (began > 0 && started(process.get()) != began);
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private static String text(JsonObject labels, String name) {
    return labels.get(name) instanceof JsonString(String value) ? value : "";
  }
}
