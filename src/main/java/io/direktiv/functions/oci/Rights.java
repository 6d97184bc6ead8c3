package io.direktiv.functions.oci;

import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.oci.disk.Disks;
import io.direktiv.functions.reach.Inside;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// What this process may do on this machine, and so by which means its sandboxes are made and held:
/// the one place where a process that is root and one that is not differ. Safe for use by many
/// threads.
interface Rights {
  /// The programs that can make sandboxes here, the best one first; they have still to be tried.
  ///
  /// @param programs gives the path of the program with a name
  /// @param state where they keep what they know of their sandboxes
  List<Tool> tools(Function<String, Optional<String>> programs, Path state);

  /// Why no program could make sandboxes here, found out by trying what all of them need.
  default Optional<String> missing() {
    return Optional.empty();
  }

  /// What may be the reason when no program could make one; empty when nothing is known.
  default Optional<String> suspicion() {
    return Optional.empty();
  }

  /// Makes the sandbox's root the owner of `path`.
  void give(Path path) throws IOException;

  /// Gives what is open at `descriptor`, a path below `/proc/self/fd`, to a sandbox's root.
  void giveOpen(Path descriptor) throws IOException;

  /// Lets the sandbox's root into `folder`, and nobody else but this user.
  void letInto(Path folder) throws IOException;

  /// Sees to it that the sandbox finds an overlay over `lower` at its root.
  ///
  /// @return what is to stand before the command of `tool` that makes the sandbox, empty when the
  ///   overlay is there already
  List<String> cover(Workspace workspace, Path lower, Tool tool) throws IOException;

  /// Takes the overlay away, if it is there.
  void uncover(Workspace workspace) throws IOException;

  /// Gives sandboxes disks of a limited size.
  default Disks disks() {
    return Disks.NONE;
  }

  /// As whom the sandbox's process runs whose image wants it to run as `wanted`.
  Users.Ids user(Users.Ids wanted, Tool tool);

  /// Adds the namespaces, the mapping of users and the limits to the section `linux` of a bundle.
  ///
  /// @param user as whom its process runs
  void confine(JsonObject.Builder linux, Users.Ids user, String sandboxId, SandboxLimits limits);

  /// Limits of each process, by their names in `setrlimit`, which are missing otherwise.
  List<ProcessLimit> processLimits(SandboxLimits limits);

  /// What holds a sandbox to the limit of its memory.
  Hold hold(String sandboxId);

  /// The way into the sandbox whose first process is `pid`, until `ended` completes.
  Inside inside(int pid, Hold hold, CompletableFuture<?> ended) throws IOException;

  /// Ends what an earlier process of this server left running.
  void endLeftovers() throws IOException;

  /// For the operator: how sandboxes are made, what is not limited, and what is missing for more.
  String describe(Tool tool);

  /// Takes away what all sandboxes shared; none runs any more.
  void close() throws IOException;

  /// A limit of each process.
  ///
  /// @param name as in `RLIMIT_NPROC`, without the beginning
  record ProcessLimit(String name, long value) {}

  /// What holds a sandbox to the limit of its memory. Safe for use by many threads.
  interface Hold {
    /// Begins to hold the sandbox whose first process is `child`, before that begins.
    ///
    /// @param memoryBytes the limit
    void begin(Child child, long memoryBytes);

    /// True when one of its processes was killed for memory.
    boolean sawMemoryKill();

    /// Stops or continues all its processes; false where that cannot be done.
    default boolean freeze(boolean isFrozen) {
      return false;
    }

    /// Removes what held it; none of its processes runs any more.
    void remove() throws IOException;
  }
}
