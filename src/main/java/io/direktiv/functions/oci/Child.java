package io.direktiv.functions.oci;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;

/// The first process of a sandbox, a child of this process. Safe for use by many threads.
///
/// Its number may be given to a stranger as soon as its end was collected, so signals and that
/// collection exclude each other.
final class Child {
  private final int pid;
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private boolean isCollected;

  private Child(int pid) {
    this.pid = pid;
  }

  /// Watches the child `pid`.
  static Child watch(int pid, ThreadFactory threads) {
    Child child = new Child(pid);
    threads.newThread(child::awaitEnd).start();
    return child;
  }

  private void awaitEnd() {
    try {
      Linux.awaitEnd(pid);
      synchronized (this) {
        isCollected = true;
        ended.complete(Linux.collect(pid));
      }
    } catch (IOException e) {
      ended.completeExceptionally(e);
    }
  }

  int pid() {
    return pid;
  }

  /// Completes with the status that `waitpid` gives.
  CompletableFuture<Integer> ended() {
    return ended;
  }

  /// Sends a signal; nothing happens when it has ended.
  synchronized void signal(int signal) throws IOException {
    if (!isCollected) {
      Linux.kill(pid, signal);
    }
  }
}
