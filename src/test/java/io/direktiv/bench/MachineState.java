package io.direktiv.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How many things of each kind this machine has that sandboxes are made of.
///
/// @param counts by kind
record MachineState(Map<String, Integer> counts) {
  private static final Path PROC = Path.of("/proc");
  private static final int LOOKS_MAX = 100;

  static MachineState now() throws IOException {
    Map<String, Integer> counts = new LinkedHashMap<>();
    counts.put("processes", processes().size());
    counts.put("mounts", Files.readAllLines(PROC.resolve("mounts")).size());
    counts.put("control groups", folders(Path.of("/sys/fs/cgroup"), "direktiv"));
    counts.put("namespaces", namespaces());
    counts.put("network links", list(Path.of("/sys/class/net")).size());
    counts.put("files of sandboxes", folders(Path.of("/run/direktiv"), ""));
    return new MachineState(counts);
  }

  /// Lets what runs beside calls, such as removals, come to its end.
  static void settled() throws IOException, InterruptedException {
    MachineState before = now();
    for (int i = 0; i < LOOKS_MAX; i++) {
      Thread.sleep(200);
      MachineState after = now();
      if (after.equals(before)) {
        return;
      }
      before = after;
    }
  }

  /// The state once it is no more than `wanted`, or after some seconds.
  static MachineState settledAt(MachineState wanted) throws IOException, InterruptedException {
    MachineState state = now();
    for (int i = 0; i < LOOKS_MAX && state.isAbove(wanted); i++) {
      Thread.sleep(200);
      state = now();
    }
    return state;
  }

  private boolean isAbove(MachineState other) {
    return counts.entrySet().stream()
        .anyMatch(each -> each.getValue() > other.counts.get(each.getKey()));
  }

  /// What there is more or less than `before`, in words.
  String since(MachineState before) {
    return counts.entrySet().stream()
        .map(each -> {
          int more = each.getValue() - before.counts.get(each.getKey());
          return (more > 0 ? "+" : "") + more + " " + each.getKey();
        })
        .collect(Collectors.joining(", "));
  }

  private static Set<String> processes() throws IOException {
    return list(PROC).stream().filter(name -> name.matches("\\d+")).collect(Collectors.toSet());
  }

  private static Set<String> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private static int folders(Path top, String part) {
    try (Stream<Path> entries = Files.walk(top)) {
      return (int) entries.filter(entry -> entry.toString().contains(part)).count();
    } catch (IOException | java.io.UncheckedIOException _) {
      // Something went away meanwhile: not settled yet.
      return Integer.MAX_VALUE / 2;
    }
  }

  private static int namespaces() throws IOException {
    Set<String> found = new TreeSet<>();
    for (String process : processes()) {
      for (String kind : new String[] {"net", "mnt", "pid", "user", "ipc", "uts", "cgroup"}) {
        try {
          found.add(
              Files.readSymbolicLink(PROC.resolve(process).resolve("ns").resolve(kind)).toString());
        } catch (IOException _) {
          // It ended.
        }
      }
    }
    return found.size();
  }
}
