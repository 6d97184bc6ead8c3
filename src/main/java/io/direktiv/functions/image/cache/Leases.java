package io.direktiv.functions.image.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Who uses which root: counted here, and shown to other processes by a shared lock on a file in
/// it. The time of that file is when it was last used. Safe for use by many threads.
final class Leases implements AutoCloseable {
  private record Held(int count, FileChannel file, Path path) {}

  private final Map<String, Held> held = new HashMap<>();

  /// Takes the root called `name`, whose file is `path`. Called while nobody removes roots.
  ///
  /// @return false when another process is about to remove it
  synchronized boolean take(String name, Path path) throws IOException {
    Held before = held.get(name);
    if (before != null) {
      held.put(name, new Held(before.count() + 1, before.file(), path));
      return true;
    }
    Optional<FileChannel> file = Locks.hold(path, true);
    file.ifPresent(channel -> held.put(name, new Held(1, channel, path)));
    return file.isPresent();
  }

  /// True when it is used, here or by another process. Called while nobody takes roots.
  synchronized boolean isTaken(String name, Path path) throws IOException {
    if (held.containsKey(name)) {
      return true;
    }
    Optional<FileChannel> alone = Locks.hold(path, false);
    if (alone.isPresent()) {
      alone.get().close();
    }
    return alone.isEmpty();
  }

  synchronized void giveBack(String name) {
    Held before = held.remove(name);
    if (before == null) {
      return;
    }
    if (before.count() > 1) {
      held.put(name, new Held(before.count() - 1, before.file(), before.path()));
      return;
    }
    try {
      Files.setLastModifiedTime(before.path(), FileTime.from(Instant.now()));
      before.file().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Gives everything back.
  @Override
  public synchronized void close() throws IOException {
    for (Held each : held.values()) {
      each.file().close();
    }
    held.clear();
  }
}
