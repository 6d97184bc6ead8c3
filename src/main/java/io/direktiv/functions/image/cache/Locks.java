package io.direktiv.functions.image.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Locks that other processes see: those of POSIX, which belong to a process and end with it.
///
/// The trap: closing any channel of a file gives up all of this process' locks on it. So a file
/// that is locked here is never opened a second time; [Leases] and [Cache] know what they hold.
final class Locks implements AutoCloseable {
  private final ReentrantLock threads = new ReentrantLock();
  private final FileChannel file;

  /// The lock `file`, for what is short and must not happen at once.
  Locks(Path file) throws IOException {
    this.file = open(file);
  }

  /// Something that may fail.
  interface Work<T> {
    T run() throws IOException;
  }

  /// Does `work` while no other thread and process does such.
  <T> T alone(Work<T> work) throws IOException {
    threads.lock();
    try {
      if (threads.getHoldCount() > 1) {
        return work.run();
      }
      try (FileLock _ = file.lock()) {
        return work.run();
      }
    } finally {
      threads.unlock();
    }
  }

  /// A lock on `file` until its channel is closed; empty when somebody else holds one.
  static Optional<FileChannel> hold(Path file, boolean isShared) throws IOException {
    FileChannel channel = open(file);
    try {
      if (channel.tryLock(0, Long.MAX_VALUE, isShared) != null) {
        return Optional.of(channel);
      }
    } catch (OverlappingFileLockException _) {
      // Held by this process.
    }
    channel.close();
    return Optional.empty();
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
