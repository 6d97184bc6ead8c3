package io.direktiv.functions.oci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A process with all that descend from it. All processes of a process namespace descend from its
/// first, since that adopts whose parent has ended.
///
/// Source: `proc(5)`; what ends while it is looked at counts nothing.
record ProcessTree(int first) {
  private static final Path PROC = Path.of("/proc");
  private static final int PROCESSES_MAX = 100_000;
  private static final long PAGE_BYTES = pageBytes();

  /// True when this kernel tells which processes descend from one.
  static boolean isKnown() {
    return Files.exists(PROC.resolve("thread-self/children"));
  }

  /// How much memory they have: a cheap bound from above when that is within `enough`, else with
  /// what several of them share counted once.
  long memoryBytes(long enough) {
    List<Integer> all = all();
    long atMost = all.stream().mapToLong(ProcessTree::residentBytes).sum();
    return atMost <= enough ? atMost : all.stream().mapToLong(ProcessTree::ownBytes).sum();
  }

  /// The numbers of those that run now.
  List<Integer> all() {
    Deque<Integer> open = new ArrayDeque<>(List.of(first));
    Set<Integer> seen = new HashSet<>();
    while (!open.isEmpty() && seen.size() < PROCESSES_MAX) {
      int next = open.pop();
      if (seen.add(next)) {
        open.addAll(children(next));
      }
    }
    return List.copyOf(seen);
  }

  private static List<Integer> children(int process) {
    List<Integer> children = new ArrayList<>();
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(PROC.resolve(process + "/task"))) {
      for (Path thread : threads) {
        for (String child : text(thread.resolve("children")).split(" ")) {
          if (!child.isEmpty()) {
            children.add(Integer.valueOf(child));
          }
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException _) {
      return children;
    }
    return children;
  }

  private static long residentBytes(int process) {
    String[] pages = text(PROC.resolve(process + "/statm")).split(" ");
    return pages.length > 1 ? Long.parseLong(pages[1]) * PAGE_BYTES : 0;
  }

  /// Its share of the memory it has; all of it where the kernel does not tell.
  private static long ownBytes(int process) {
    String[] words =
        text(PROC.resolve(process + "/smaps_rollup"))
            .lines()
            .filter(line -> line.startsWith("Pss:"))
            .findFirst()
            .orElse("")
            .split(" +");
    return words.length > 1 ? Long.parseLong(words[1]) << 10 : residentBytes(process);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException _) {
      return "";
    }
  }

  /// `smaps` tells the size of a page in bytes of 1024.
  private static long pageBytes() {
    try (var lines = Files.lines(PROC.resolve("self/smaps"), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("KernelPageSize:"))
          .mapToLong(line -> Long.parseLong(line.split(" +")[1]) << 10)
          .min()
          .orElse(4096);
    } catch (IOException _) {
      return 4096;
    }
  }
}
