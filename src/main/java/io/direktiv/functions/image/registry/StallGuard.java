package io.direktiv.functions.image.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Gives up a body that stands still for longer than [Limits#STALL_TIME], which Java's client does
/// not bound.
final class StallGuard implements AutoCloseable {
  private final InputStream body;
  private final Thread watcher;
  private volatile long movedAt = System.nanoTime();
  private volatile boolean isStalled;

  StallGuard(InputStream body) {
    this.body = body;
    this.watcher = Thread.ofVirtual().name("registry-watch").start(this::watch);
  }

  private void watch() {
    try {
      long left = Limits.STALL_TIME.toNanos();
      while (left > 0) {
        Thread.sleep(java.time.Duration.ofNanos(left));
        left = Limits.STALL_TIME.toNanos() - (System.nanoTime() - movedAt);
      }
      isStalled = true;
      body.close();
    } catch (InterruptedException | IOException _) {
      // The body has ended, one way or the other.
    }
  }

  /// The body, watched.
  InputStream in() {
    return new FilterInputStream(body) {
      @Override
      public int read() throws IOException {
        return moved(super.read());
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return moved(super.read(bytes, offset, length));
      }
    };
  }

  private int moved(int result) throws IOException {
    if (isStalled) {
      throw new IOException("nothing came for " + Limits.STALL_TIME.toSeconds() + " s");
    }
    movedAt = System.nanoTime();
    return result;
  }

  @Override
  public void close() throws IOException {
    watcher.interrupt();
    body.close();
  }
}
