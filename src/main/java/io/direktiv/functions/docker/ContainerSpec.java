package io.direktiv.functions.docker;

import io.direktiv.functions.HostLimits;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.util.List;
import java.util.Map;

/// Writes the request that creates a sandbox's container.
final class ContainerSpec {
  private static final List<String> DROPPED =
      List.of("NET_RAW", "MKNOD", "AUDIT_WRITE", "SETFCAP", "SYS_CHROOT");
  private static final int OOM_SCORE = 500;

  private ContainerSpec() {}

  /// @param hasInput true when it reads something from stdin
  static JsonObject of(Sandbox sandbox, Owner owner, boolean hasInput) {
    JsonObject.Builder spec =
        JsonObject.builder()
            .put("Image", sandbox.image())
            .put("Env", strings(environment(sandbox.environment())))
            .put("Labels", owner.labels(sandbox.id()))
            .put("OpenStdin", hasInput)
            .put("StdinOnce", hasInput)
            .put("AttachStdin", hasInput)
            .put("AttachStdout", true)
            .put("AttachStderr", true)
            .put("HostConfig", host(sandbox.limits()));
    if (!sandbox.command().isEmpty()) {
      spec.put("Cmd", strings(sandbox.command()));
    }
    return spec.build();
  }

  private static List<String> environment(Map<String, String> variables) {
    return variables.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .sorted()
        .toList();
  }

  private static JsonObject host(SandboxLimits limits) {
    return JsonObject.builder()
        .put("Memory", limits.memoryBytes())
        .put("MemorySwap", limits.memoryBytes())
        .put("NanoCpus", (long) (limits.cpus() * 1_000_000_000))
        .put("PidsLimit", limits.processesMax())
        .put("Ulimits", ulimits(limits))
        .put("OomScoreAdj", OOM_SCORE)
        .put("NetworkMode", network(limits.network()))
        .put("CapDrop", strings(DROPPED))
        .put("SecurityOpt", strings(List.of("no-new-privileges")))
        .put("LogConfig", JsonObject.of("Type", Json.of("none")))
        .build();
  }

  private static String network(SandboxLimits.Network network) {
    return switch (network) {
      case NONE -> "none";
      case EGRESS -> "default";
    };
  }

  /// Without limits on files and processes Podman asks for more than a process without
  /// `CAP_SYS_RESOURCE` may have, and fails; so does asking for more than this process's own.
  private static JsonArray ulimits(SandboxLimits limits) {
    return JsonArray.of(
        ulimit("nofile", Math.min(limits.openFilesMax(), HostLimits.hard("Max open files"))),
        ulimit("nproc", Math.min(Limits.USER_PROCESSES_MAX, HostLimits.hard("Max processes"))),
        ulimit("fsize", Math.min(limits.fileBytesMax(), HostLimits.hard("Max file size"))),
        ulimit("core", 0));
  }

  private static JsonObject ulimit(String name, long value) {
    return JsonObject.builder().put("Name", name).put("Soft", value).put("Hard", value).build();
  }

  private static JsonArray strings(List<String> texts) {
    return JsonArray.of(texts.stream().map(Json::of).toList());
  }
}
