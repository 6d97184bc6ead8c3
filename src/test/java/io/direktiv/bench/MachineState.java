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
  private static final int SAME_LOOKS = 5;

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

  /// The state once what runs beside calls, such as removals and what is made ahead, has come to
  /// its end: when nothing has changed for a second.
  static MachineState settled() throws IOException, InterruptedException {
    MachineState state = now();
    int same = 0;
    for (int i = 0; i < LOOKS_MAX && same < SAME_LOOKS; i++) {
      Thread.sleep(200);
      MachineState next = now();
      same = next.equals(state) ? same + 1 : 0;
      state = next;
    }
    return state;
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

  /// All but the kernel's own threads, of which it keeps as many as it likes.
  private static Set<String> processes() throws IOException {
    return list(PROC).stream()
        .filter(name -> name.matches("\\d+") && !isKernels(name))
        .collect(Collectors.toSet());
  }

  /// True for what kthreadd, the process 2, began. Its name, in brackets, may hold anything.
  private static boolean isKernels(String process) {
    try {
      String state = Files.readString(PROC.resolve(process).resolve("stat"));
      return state.substring(state.lastIndexOf(')') + 2).split(" ")[1].equals("2");
    } catch (IOException _) {
      return false;
    }
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
