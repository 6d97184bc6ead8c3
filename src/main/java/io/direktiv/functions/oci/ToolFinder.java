package io.direktiv.functions.oci;

import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.oci.Root.ImageProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Finds the program that makes sandboxes and tries it.
///
/// Being installed proves little (a container without rights, a kernel without user namespaces):
/// each is made to make a sandbox that is never started.
final class ToolFinder {
  private static final SandboxLimits LIMITS =
      new SandboxLimits(
          1, 64L << 20, 64, 64, 1 << 20, 0, Duration.ofMinutes(1), SandboxLimits.Network.NONE);

  private final Programs programs;

  ToolFinder(Programs programs) {
    this.programs = programs;
  }

  /// What was found.
  sealed interface Found {
    /// A program that works.
    record Working(Tool tool) implements Found {}

    /// None, and why: one sentence.
    record Nothing(String reason) implements Found {}
  }

  /// The first program that makes a sandbox on `machine`, whose tool is replaced.
  Found find(Machine machine) {
    Optional<String> missing = machine.rights().missing();
    if (missing.isPresent()) {
      return new Found.Nothing(missing.get());
    }
    List<Tool> tools = machine.rights().tools(programs::find, machine.tool().state());
    if (tools.isEmpty()) {
      return new Found.Nothing(
          "neither runc nor crun was found; install one (for example: apt-get install runc)");
    }
    List<String> reasons = new ArrayList<>();
    for (Tool tool : tools) {
      Optional<String> reason = refusal(machine.with(tool));
      if (reason.isEmpty()) {
        return new Found.Working(tool);
      }
      reasons.add(reason.get());
    }
    String suspicion = machine.rights().suspicion().map(words -> "; " + words).orElse("");
    return new Found.Nothing("no sandbox could be made: " + String.join("; ", reasons) + suspicion);
  }

  /// Why no sandbox can be made with the tool of `machine`; empty when one was.
  private static Optional<String> refusal(Machine machine) {
    String id = "direktiv-probe-" + UUID.randomUUID();
    Path image = machine.disks().resolve(id + "-image");
    try {
      Probe probe = new Probe(image);
      probe.make();
      MadeSandbox.make(machine, probe.sandbox(id), probe).remove();
      return Optional.empty();
    } catch (IOException | SandboxException e) {
      return Optional.of(machine.tool().name() + ": " + e.getMessage());
    }
  }

  /// An image with one file that may be run but never is.
  private record Probe(Path folder) implements Root {
    void make() throws IOException {
      Files.createDirectories(folder.resolve("bin"));
      Path program = folder.resolve("bin/true");
      Files.write(program, "#!/bin/true\n".getBytes(StandardCharsets.US_ASCII));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Sandbox sandbox(String id) {
      return new Sandbox(
          id,
          "",
          "probe",
          List.of("/bin/true"),
          Map.of(),
          Map.of(),
          Map.of(),
          LIMITS,
          Optional.empty(),
          0);
    }

    @Override
    public ImageProcess process() {
      return new ImageProcess(List.of(), List.of(), List.of(), "", "", Set.of());
    }

    @Override
    public void close() {
      try {
        Workspace.delete(folder);
      } catch (IOException _) {
        // The sweep of the next start has another try.
      }
    }
  }
}
