package io.direktiv.functions.oci;

import io.direktiv.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;

/// What all sandboxes of this process share.
///
/// @param tool makes sandboxes
/// @param bundles the folder of their bundles, which everybody may enter
/// @param disks the folder of what they write, which only this user may enter
/// @param groups the control group above theirs
/// @param owner the user of this machine that a sandbox's root is
/// @param seccomp the filter of their system calls
/// @param networks gives those their way out that may have one
/// @param threads makes platform threads for what blocks
record Machine(
    Tool tool,
    Path bundles,
    Path disks,
    ControlGroup groups,
    int owner,
    JsonObject seccomp,
    Networks networks,
    ThreadFactory threads) {
  Workspace workspace(String sandboxId) {
    return new Workspace(bundles.resolve(sandboxId), disks.resolve(sandboxId));
  }

  ControlGroup group(String sandboxId) {
    return new ControlGroup(groups.path() + "/" + sandboxId);
  }

  /// The same with another tool.
  Machine with(Tool other) {
    return new Machine(other, bundles, disks, groups, owner, seccomp, networks, threads);
  }
}
