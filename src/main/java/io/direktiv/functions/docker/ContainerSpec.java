package io.direktiv.functions.docker;

import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Writes the request that creates a sandbox's container.
final class ContainerSpec {
  private static final List<String> DROPPED =
      List.of("NET_RAW", "MKNOD", "AUDIT_WRITE", "SETFCAP", "SYS_CHROOT");
  private static final int OOM_SCORE = 500;

  private ContainerSpec() {}

  static JsonObject of(Sandbox sandbox, Owner owner) {
    JsonObject.Builder spec =
        JsonObject.builder()
            .put("Image", sandbox.image())
            .put("Env", strings(environment(sandbox.environment())))
            .put("Labels", owner.labels(sandbox.id()))
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
        ulimit("nofile", Math.min(limits.openFilesMax(), ownHard("Max open files"))),
        ulimit("nproc", Math.min(Limits.USER_PROCESSES_MAX, ownHard("Max processes"))),
        ulimit("fsize", Math.min(limits.fileBytesMax(), ownHard("Max file size"))),
        ulimit("core", 0));
  }

  private static JsonObject ulimit(String name, long value) {
    return JsonObject.builder().put("Name", name).put("Soft", value).put("Hard", value).build();
  }

  /// The hard limit of this process that `/proc/self/limits` lists under `name`.
  private static long ownHard(String name) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).strip().split("\\s+"))
          .filter(words -> words.length > 1 && words[1].matches("[0-9]{1,18}"))
          .mapToLong(words -> Long.parseLong(words[1]))
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException _) {
      return Long.MAX_VALUE;
    }
  }

  private static JsonArray strings(List<String> texts) {
    return JsonArray.of(texts.stream().map(Json::of).toList());
  }
}
