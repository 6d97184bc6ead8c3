package io.direktiv.functions.image;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/// Is told what happens while somebody waits for an image. Called by several threads.
public interface PullProgress {
  /// Nobody wants to know.
  PullProgress NONE = new PullProgress() {};

  /// Layers of `total` bytes are about to be fetched.
  default void begins(String image, long total) {}

  /// Bytes are fetched; called often.
  ///
  /// @param done how many of `total` are here
  default void fetches(String image, long done, long total) {}

  /// A layer is unpacked.
  default void unpacks(String image, int layer, int layers) {}

  /// Something that is worth a sentence and no failure.
  default void notes(String image, String sentence) {}

  /// Lines for a log: the beginning, how far it is now and then, and notes.
  static PullProgress lines(Consumer<String> log) {
    return new Lines(log);
  }

  /// Progress as lines, the next at earliest [#PERIOD] after the one before.
  final class Lines implements PullProgress {
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final double MIB = 1 << 20;

    private final Consumer<String> log;
    private long nextAt;

    private Lines(Consumer<String> log) {
      this.log = log;
    }

    @Override
    public synchronized void begins(String image, long total) {
      nextAt = System.nanoTime() + PERIOD.toNanos();
      log.accept(String.format(Locale.ROOT, "pulling image %s (%.1f MiB)", image, total / MIB));
    }

    @Override
    public synchronized void fetches(String image, long done, long total) {
      if (System.nanoTime() - nextAt >= 0) {
        nextAt = System.nanoTime() + PERIOD.toNanos();
        log.accept(
            String.format(
                Locale.ROOT, "pulling image %s: %.1f of %.1f MiB", image, done / MIB, total / MIB));
      }
    }

    @Override
    public synchronized void notes(String image, String sentence) {
      log.accept("image " + image + ": " + sentence);
    }
  }
}
