package io.direktiv.functions.oci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Ends the processes that an earlier process of this server left, where no control group names
/// them: those in a mount namespace with an overlay in one of its folders, and the programs that
/// were making a sandbox or carried its packets, whose command lines name one.
final class Leftovers {
  private static final Path PROC = Path.of("/proc");
  private static final int KILL = 9;
  private static final int TRIES = 200;
  private static final int TRY_MILLIS = 25;
  private static final Set<String> PROGRAMS =
      Set.of(
          "nsenter",
          "unshare",
          "sh",
          "runc",
          "crun",
          "pasta",
          "pasta.avx2",
          "passt",
          "passt.avx2",
          "slirp4netns");

  private final List<String> inMounts;
  private final List<String> inCommands;

  Leftovers(Set<Path> folders) {
    this.inCommands =
        folders.stream()
            .map(folder -> (folder + "/").getBytes(StandardCharsets.UTF_8))
            .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
            .toList();
    this.inMounts = inCommands.stream().map(Leftovers::asInMounts).toList();
  }

  /// As the kernel writes a path among the options of a mount.
  private static String asInMounts(String path) {
    return path.chars()
        .mapToObj(c ->
            ", \t\n\\".indexOf(c) < 0 ? String.valueOf((char) c) : "\\" + String.format("%03o", c))
        .collect(Collectors.joining());
  }

  /// Kills them and waits until they are gone.
  void end() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      List<Integer> left = find();
      if (left.isEmpty()) {
        return;
      }
      for (int process : left) {
        Linux.kill(process, KILL);
      }
      try {
        Thread.sleep(TRY_MILLIS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new IOException("sweeping was interrupted");
      }
    }
    throw new IOException("processes of earlier sandboxes do not end: " + find());
  }

  private List<Integer> find() throws IOException {
    List<Integer> left = new ArrayList<>();
    String own = mounts(PROC.resolve("self"));
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : all) {
        int pid = Integer.parseInt(process.getFileName().toString());
        if (pid != ProcessHandle.current().pid() && isOurs(process, own)) {
          left.add(pid);
        }
      }
    }
    return left;
  }

  private boolean isOurs(Path process, String own) {
    boolean isCarrier =
        PROGRAMS.contains(text(process.resolve("comm")).strip())
            && names(text(process.resolve("cmdline")), inCommands);
    // A process that has ended and waits to be collected has no mounts.
    String mounts = mounts(process);
    return isCarrier
        || !mounts.isEmpty()
            && !mounts.equals(own)
            && names(text(process.resolve("mountinfo")), inMounts);
  }

  /// Which mount namespace a process is in; empty when it cannot be told.
  private static String mounts(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("ns/mnt")).toString();
    } catch (IOException _) {
      return "";
    }
  }

  private static boolean names(String text, List<String> wanted) {
    return wanted.stream().anyMatch(text::contains);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }
}
