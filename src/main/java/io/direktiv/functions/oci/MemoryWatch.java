package io.direktiv.functions.oci;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds a sandbox to the limit of its memory by looking at it again and again, where there is no
/// control group to do so.
///
/// The less room is left, the sooner it looks again: as soon as a process that does nothing but
/// take memory ([#BYTES_PER_MILLI]) could have used it up, but never before [#PAUSE_MIN] nor before
/// the time has passed that the last look took. So a sandbox gets beyond its limit by what can be
/// taken in that time.
final class MemoryWatch implements Rights.Hold {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryWatch.class);
  private static final int KILL = 9;
  private static final long BYTES_PER_MILLI = 4L << 20;
  private static final Duration PAUSE_MIN = Duration.ofMillis(5);
  private static final Duration PAUSE_MAX = Duration.ofMillis(50);

  private volatile boolean sawKill;

  @Override
  public void begin(Child child, long memoryBytes) {
    Thread.ofVirtual().name("memory-" + child.pid()).start(() -> watch(child, memoryBytes));
  }

  private void watch(Child child, long memoryBytes) {
    ProcessTree tree = new ProcessTree(child.pid());
    try {
      while (!child.ended().isDone()) {
        long before = System.nanoTime();
        long room = memoryBytes - tree.memoryBytes(memoryBytes);
        if (room < 0 && !child.ended().isDone()) {
          sawKill = true;
          child.signal(KILL);
          return;
        }
        pause(child, Math.max(room / BYTES_PER_MILLI, (System.nanoTime() - before) / 1_000_000));
      }
    } catch (IOException | InterruptedException | ExecutionException e) {
      LOG.atError().addKeyValue("pid", child.pid()).setCause(e).log("memory is not watched");
    }
  }

  private static void pause(Child child, long millis)
      throws InterruptedException, ExecutionException {
    try {
      child
          .ended()
          .get(
              Math.clamp(millis, PAUSE_MIN.toMillis(), PAUSE_MAX.toMillis()),
              TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      // It runs on: the next look is due.
    }
  }

  @Override
  public boolean sawMemoryKill() {
    return sawKill;
  }

  @Override
  public void remove() {
    // It ended with the sandbox.
  }
}
