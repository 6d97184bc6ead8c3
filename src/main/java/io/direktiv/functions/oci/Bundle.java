package io.direktiv.functions.oci;

import io.direktiv.functions.HostLimits;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.oci.Root.ImageProcess;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes `config.json`, from which `runc` and `crun` make a sandbox (the OCI runtime specification
/// 1.0).
///
/// Everything that keeps a hostile process in is here or in its [Rights]: namespaces of its own
/// with a user namespace in which root is nobody on this machine, no capabilities, no new
/// privileges, a filter of system calls, hidden and read-only system paths, limits.
record Bundle(Machine machine, Sandbox sandbox, Root root, Workspace workspace) {
  private static final FileAttribute<Set<PosixFilePermission>> ONLY_MINE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final int OOM_SCORE = 500;
  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");
  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  /// Writes `config.json`, readable for this user only.
  void write() throws IOException, SandboxException {
    Path file = workspace.bundle().resolve("config.json");
    Files.createFile(file, ONLY_MINE);
    Files.write(file, config().toBytes());
  }

  private JsonObject config() throws SandboxException {
    Users.Ids wanted = Users.find(root.folder(), root.process().user());
    Users.Ids user = machine.rights().user(wanted, machine.tool());
    return JsonObject.builder()
        .put("ociVersion", "1.0.2")
        .put("process", process(user))
        .put(
            "root",
            JsonObject.builder()
                .put("path", workspace.root().toString())
                .put("readonly", false)
                .build())
        .put("hostname", "sandbox")
        .put("mounts", JsonArray.of(mounts()))
        .put("linux", linux(user))
        .build();
  }

  private JsonObject process(Users.Ids user) {
    ImageProcess image = root.process();
    List<String> arguments = new ArrayList<>(image.entrypoint());
    arguments.addAll(sandbox.command().isEmpty() ? image.command() : sandbox.command());
    return JsonObject.builder()
        .put("terminal", false)
        .put(
            "user",
            JsonObject.builder()
                .put("uid", user.user())
                .put("gid", user.group())
                .put("additionalGids", JsonArray.of(List.of()))
                .build())
        .put("args", strings(arguments))
        .put("env", strings(environment(image.environment())))
        .put("cwd", image.folder().isEmpty() ? "/" : image.folder())
        .put("capabilities", noCapabilities())
        .put("rlimits", limitsOfProcesses(sandbox.limits()))
        .put("noNewPrivileges", true)
        .put("oomScoreAdj", OOM_SCORE)
        .build();
  }

  private List<String> environment(List<String> image) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("PATH", PATH);
    all.put("HOME", "/");
    for (String entry : image) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        all.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    all.putAll(sandbox.environment());
    return all.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList();
  }

  private static JsonObject noCapabilities() {
    JsonObject.Builder sets = JsonObject.builder();
    for (String set : List.of("bounding", "effective", "inheritable", "permitted", "ambient")) {
      sets.put(set, JsonArray.of(List.of()));
    }
    return sets.build();
  }

  private JsonArray limitsOfProcesses(SandboxLimits limits) {
    List<JsonObject> all = new ArrayList<>();
    all.add(limit("NOFILE", Math.min(limits.openFilesMax(), HostLimits.hard("Max open files"))));
    all.add(limit("FSIZE", Math.min(limits.fileBytesMax(), HostLimits.hard("Max file size"))));
    all.add(limit("CORE", 0));
    machine.rights().processLimits(limits).stream()
        .map(limit -> limit(limit.name(), limit.value()))
        .forEach(all::add);
    return JsonArray.of(all);
  }

  private static JsonObject limit(String name, long value) {
    return JsonObject.builder()
        .put("type", "RLIMIT_" + name)
        .put("hard", value)
        .put("soft", value)
        .build();
  }

  private List<JsonObject> mounts() {
    List<JsonObject> mounts = new ArrayList<>();
    mounts.add(mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
    mounts.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=64k"));
    mounts.add(
        mount(
            "/dev/pts",
            "devpts",
            "devpts",
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620"));
    mounts.add(
        mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
    mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
    mounts.add(mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"));
    mounts.add(
        mount(Sandbox.DATA, "bind", workspace.data().toString(), "bind", "rw", "nosuid", "nodev"));
    mounts.add(shown("/etc/hosts", workspace.hosts()));
    mounts.add(shown("/etc/resolv.conf", workspace.resolver()));
    return mounts;
  }

  private static JsonObject shown(String at, Path file) {
    return mount(at, "bind", file.toString(), "bind", "ro", "nosuid", "nodev", "noexec");
  }

  private static JsonObject mount(String at, String type, String source, String... options) {
    return JsonObject.builder()
        .put("destination", at)
        .put("type", type)
        .put("source", source)
        .put("options", strings(List.of(options)))
        .build();
  }

  private JsonObject linux(Users.Ids user) {
    JsonObject.Builder linux = JsonObject.builder();
    machine.rights().confine(linux, user, sandbox.id(), sandbox.limits());
    return linux
        .put("maskedPaths", strings(MASKED))
        .put("readonlyPaths", strings(READ_ONLY))
        .put("seccomp", machine.seccomp())
        .build();
  }

  /// Namespaces of these types as a bundle lists them.
  static JsonArray namespaces(List<String> types) {
    return JsonArray.of(types.stream().map(type -> JsonObject.of("type", Json.of(type))).toList());
  }

  /// `size` users from `inside` on, who outside are those from `outside` on.
  static List<JsonObject> mapping(int inside, int outside, int size) {
    return List.of(
        JsonObject.builder()
            .put("containerID", inside)
            .put("hostID", outside)
            .put("size", size)
            .build());
  }

  private static JsonArray strings(List<String> texts) {
    return JsonArray.of(texts.stream().map(Json::of).toList());
  }
}
