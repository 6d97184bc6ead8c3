package io.direktiv.functions.oci;

import io.direktiv.functions.oci.network.Networks;
import io.direktiv.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;

/// What all sandboxes of this process share.
///
/// @param rights how they are made
/// @param tool makes them
/// @param bundles the folder of their bundles, which everybody may enter
/// @param disks the folder of what they write, which only this user may enter
/// @param seccomp the filter of their system calls
/// @param networks gives those their way out that may have one
/// @param threads makes platform threads for what blocks
record Machine(
    Rights rights,
    Tool tool,
    Path bundles,
    Path disks,
    JsonObject seccomp,
    Networks networks,
    ThreadFactory threads) {
  /// The machine of a process that is root.
  static Machine ofRoot(OciRuntime.Places places, ThreadFactory threads) {
    return of(
        places,
        new RootRights(OciRuntime.OWNER, new ControlGroup("/direktiv/" + places.group())),
        Set.of(),
        Networks.ofRoot(places.group()),
        threads);
  }

  /// The machine of a process that is not.
  static Machine ofUser(OciRuntime.Places places, Programs programs, ThreadFactory threads) {
    return of(
        places,
        UserRights.at(places),
        UserRights.UNWATCHED_MEMORY,
        Networks.ofUser(programs::find),
        threads);
  }

  private static Machine of(
      OciRuntime.Places places,
      Rights rights,
      Set<String> refusedCalls,
      Networks networks,
      ThreadFactory threads) {
    return new Machine(
        rights,
        new Tool("", List.of(), places.bundles().resolve("state")),
        places.bundles().resolve("sandboxes"),
        places.disks(),
        Seccomp.filter(System.getProperty("os.arch"), refusedCalls),
        networks,
        threads);
  }

  Workspace workspace(String sandboxId) {
    return new Workspace(rights, bundles.resolve(sandboxId), disks.resolve(sandboxId));
  }

  /// The same with another tool.
  Machine with(Tool other) {
    return new Machine(rights, other, bundles, disks, seccomp, networks, threads);
  }
}
