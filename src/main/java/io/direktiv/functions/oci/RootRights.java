package io.direktiv.functions.oci;

import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.oci.disk.Disks;
import io.direktiv.functions.reach.Inside;
import io.direktiv.functions.reach.NetworkNamespace;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rights of root: sandboxes have users of their own, and control groups.
///
/// @param owner the user of this machine that a sandbox's root is; the users after it follow
/// @param groups the control group above those of the sandboxes
/// @param disks what they write to
record RootRights(int owner, ControlGroup groups, Disks disks) implements Rights {
  RootRights(int owner, ControlGroup groups) {
    this(owner, groups, Disks.ofRoot());
  }

  /// How many users a sandbox has.
  static final int USERS = 65_536;

  private static final Logger LOG = LoggerFactory.getLogger(RootRights.class);
  private static final long CPU_PERIOD_MICROS = 100_000;
  private static final int KILL = 9;
  private static final int TRIES = 200;
  private static final int TRY_MILLIS = 25;
  private static final List<String> NAMESPACES =
      List.of("pid", "ipc", "uts", "mount", "cgroup", "user", "network");

  /// `crun` is the faster one. Where version 1 and 2 of the control groups are mounted side by side
  /// it refuses to work unless version 2 is out of its sight, so there `runc` is asked first.
  @Override
  public List<Tool> tools(Function<String, Optional<String>> programs, Path state) {
    boolean isHybrid = ControlGroup.isHybrid();
    Optional<Tool> runc =
        programs.apply("runc").map(path -> new Tool("runc", List.of(path), state));
    Optional<Tool> crun =
        programs
            .apply("crun")
            .map(path -> new Tool("crun", isHybrid ? hidingGroups(path) : List.of(path), state));
    return (isHybrid ? Stream.of(runc, crun) : Stream.of(crun, runc))
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<String> hidingGroups(String crun) {
    return List.of(
        "unshare",
        "--mount",
        "sh",
        "-c",
        "umount /sys/fs/cgroup/unified && exec \"$0\" \"$@\"",
        crun);
  }

  @Override
  public void give(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void giveOpen(Path descriptor) throws IOException {
    Files.setAttribute(descriptor, "unix:uid", owner);
    Files.setAttribute(descriptor, "unix:gid", owner);
  }

  /// By its group: the owner stays this user, so that the sandbox's root cannot open it to others.
  @Override
  public void letInto(Path folder) throws IOException {
    Files.setAttribute(folder, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x---"));
  }

  @Override
  public List<String> cover(Workspace workspace, Path lower, Tool tool) throws IOException {
    Linux.mountOverlay(lower, workspace.upper(), workspace.work(), workspace.root());
    return List.of();
  }

  @Override
  public void uncover(Workspace workspace) throws IOException {
    Path root = workspace.root();
    if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)
        && !Files.getAttribute(root, "unix:dev")
            .equals(Files.getAttribute(workspace.bundle(), "unix:dev"))) {
      Linux.unmount(root);
    }
  }

  @Override
  public Users.Ids user(Users.Ids wanted, Tool tool) {
    return wanted;
  }

  @Override
  public void confine(
      JsonObject.Builder linux, Users.Ids user, String sandboxId, SandboxLimits limits) {
    linux
        .put("namespaces", Bundle.namespaces(NAMESPACES))
        .put("uidMappings", JsonArray.of(Bundle.mapping(0, owner, USERS)))
        .put("gidMappings", JsonArray.of(Bundle.mapping(0, owner, USERS)))
        .put("cgroupsPath", hold(sandboxId).path())
        .put("resources", resources(limits));
  }

  private static JsonObject resources(SandboxLimits limits) {
    return JsonObject.builder()
        .put(
            "memory",
            JsonObject.builder()
                .put("limit", limits.memoryBytes())
                .put("swap", limits.memoryBytes())
                .build())
        .put(
            "cpu",
            JsonObject.builder()
                .put("quota", (long) (limits.cpus() * CPU_PERIOD_MICROS))
                .put("period", CPU_PERIOD_MICROS)
                .build())
        .put("pids", JsonObject.of("limit", Json.of(limits.processesMax())))
        .put(
            "devices",
            JsonArray.of(JsonObject.builder().put("allow", false).put("access", "rwm").build()))
        .build();
  }

  @Override
  public List<ProcessLimit> processLimits(SandboxLimits limits) {
    return List.of();
  }

  @Override
  public ControlGroup hold(String sandboxId) {
    return new ControlGroup(groups.path() + "/" + sandboxId);
  }

  @Override
  public Inside inside(int pid, Rights.Hold hold, CompletableFuture<?> ended) throws IOException {
    return EnteredSandbox.of(NetworkNamespace.of(pid), hold, ended);
  }

  /// What runs is found by its control group, since a crash may come before anything else was
  /// written down. A process that has been killed may take a moment to go, and its group with it.
  @Override
  public void endLeftovers() throws IOException {
    for (ControlGroup group : groups.children()) {
      end(group);
      LOG.atInfo().addKeyValue("group", group.path()).log("leftover sandbox ended");
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

  @Override
  public String describe(Tool tool) {
    return tool.name();
  }

  @Override
  public void close() throws IOException {
    groups.remove();
  }
}
