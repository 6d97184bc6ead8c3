package io.direktiv.functions.oci;

import io.direktiv.functions.HostLimits;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.oci.user.Kernel;
import io.direktiv.functions.reach.Inside;
import io.direktiv.functions.reach.Relay;
import io.direktiv.functions.reach.UserNamespace;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/// The rights of a user that is not root: each sandbox is in a user namespace in which this user is
/// the only one there is.
///
/// ```
///   UserNamespace, one for all sandboxes (0 = this user): the relay into them is in there too
///     └ unshare: a user namespace (0 = 0) and a mount namespace, with the overlay
///         └ runc or crun: the sandbox's other namespaces; crun adds a user namespace (1000 = 0)
///             for an image whose user is not root
/// ```
///
/// The overlay goes with its namespace. All files belong to this user, so nothing has to be given
/// or entered. Without control groups, processes are counted by the kernel for each user namespace
/// (since Linux 5.14), memory is watched by [MemoryWatch], and processors are not limited.
///
/// @param folders below which everything of sandboxes lies: by them leftovers are known
/// @param users around all sandboxes
/// @param relay reaches into them
/// @param kernel carries them
record UserRights(Set<Path> folders, UserNamespace users, Relay relay, Kernel kernel)
    implements Rights {
  /// Memory that no process can be charged with: files in memory that have no name, segments and
  /// messages that outlive their processes, and the one call by which 32-bit programs ask for
  /// these.
  static final Set<String> UNWATCHED_MEMORY =
      Set.of("memfd_create", "memfd_secret", "shmget", "msgget", "ipc");

  private static final List<String> NAMESPACES =
      List.of("pid", "ipc", "uts", "mount", "cgroup", "network");
  private static final String COVER =
      "mount -t overlay -o \"$1\" overlay \"$2\" && shift 2 && exec \"$@\"";

  /// crun refuses to work where it sees version 1 and 2 of the control groups, even when it is to
  /// use none.
  private static final String HIDE_GROUPS = "mount -t tmpfs none /sys/fs/cgroup && ";

  UserRights {
    folders = Set.copyOf(folders);
  }

  /// Those of sandboxes at `places`.
  static UserRights at(OciRuntime.Places places) {
    UserNamespace users = new UserNamespace();
    Relay relay = new Relay(places.bundles().resolve("relay"), users);
    return new UserRights(Set.of(places.bundles(), places.disks()), users, relay, Kernel.here());
  }

  @Override
  public Optional<String> missing() {
    try {
      users.entering();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(kernel.withoutNamespaces(e.getMessage()));
    }
  }

  @Override
  public Optional<String> suspicion() {
    return kernel.withoutOverlays();
  }

  @Override
  public List<Tool> tools(Function<String, Optional<String>> programs, Path state) {
    Optional<Tool> crun =
        programs
            .apply("crun")
            .map(path -> new Tool("crun", List.of(path, "--cgroup-manager=disabled"), state));
    Optional<Tool> runc =
        programs
            .apply("runc")
            .map(path -> new Tool("runc", List.of(path, "--rootless=true"), state));
    return Stream.of(crun, runc).flatMap(Optional::stream).toList();
  }

  @Override
  public void give(Path path) {
    // Whatever this user makes is the sandbox's root's.
  }

  @Override
  public void giveOpen(Path descriptor) {
    // As above.
  }

  @Override
  public void letInto(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  @Override
  public List<String> cover(Workspace workspace, Path lower, Tool tool) throws IOException {
    String options =
        "userxattr,nosuid,nodev,lowerdir="
            + option(lower)
            + ",upperdir="
            + option(workspace.upper())
            + ",workdir="
            + option(workspace.work());
    boolean isHidden = tool.name().equals("crun") && ControlGroup.isHybrid();
    List<String> before = new ArrayList<>(users.entering());
    before.addAll(List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c"));
    before.add(isHidden ? HIDE_GROUPS + COVER : COVER);
    before.addAll(List.of("sh", options, workspace.root().toString()));
    return before;
  }

  private static String option(Path path) throws IOException {
    String text = path.toString();
    if (text.contains(",") || text.contains("\"")) {
      throw new IOException("the folder " + text + " has a comma or a quote in its name");
    }
    return text.replaceAll("[\\\\:]", "\\\\$0");
  }

  @Override
  public void uncover(Workspace workspace) {
    // The mount was never seen outside of the sandbox's own mount namespace.
  }

  /// runc makes no user namespace in which nobody is root.
  @Override
  public Users.Ids user(Users.Ids wanted, Tool tool) {
    return tool.name().equals("crun") ? wanted : new Users.Ids(0, 0);
  }

  @Override
  public void confine(
      JsonObject.Builder linux, Users.Ids user, String sandboxId, SandboxLimits limits) {
    if (user.user() == 0 && user.group() == 0) {
      linux.put("namespaces", Bundle.namespaces(NAMESPACES));
      return;
    }
    List<String> namespaces = new ArrayList<>(NAMESPACES);
    namespaces.add("user");
    linux
        .put("namespaces", Bundle.namespaces(namespaces))
        .put("uidMappings", JsonArray.of(Bundle.mapping(user.user(), 0, 1)))
        .put("gidMappings", JsonArray.of(Bundle.mapping(user.group(), 0, 1)));
  }

  @Override
  public List<ProcessLimit> processLimits(SandboxLimits limits) {
    if (!kernel.countsProcesses()) {
      // It would count all processes of this user, whatever they belong to.
      return List.of();
    }
    return List.of(
        new ProcessLimit(
            "NPROC", Math.min(limits.processesMax(), HostLimits.hard("Max processes"))));
  }

  @Override
  public Rights.Hold hold(String sandboxId) {
    return new MemoryWatch();
  }

  @Override
  public Inside inside(int pid, Rights.Hold hold, CompletableFuture<?> ended) throws IOException {
    return EnteredSandbox.of(relay.entrance(pid), hold, ended);
  }

  @Override
  public void endLeftovers() throws IOException {
    new Leftovers(folders).end();
  }

  @Override
  public String describe(Tool tool) {
    String memory =
        ProcessTree.isKnown() ? "memory is watched from outside" : "memory is not limited";
    String users = tool.name().equals("crun") ? "" : ", every image runs as its own root";
    return tool.name()
        + " without root: processors"
        + (kernel.countsProcesses() ? "" : ", processes")
        + " and disks are not limited, "
        + memory
        + users
        + "; for more run the server as root"
        + (users.isEmpty() ? "" : " or install crun");
  }

  @Override
  public void close() {
    relay.close();
    users.close();
  }
}
