package io.direktiv.local;

import io.direktiv.functions.image.PullProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/// How far a pull is, in one line of a terminal that is written over and gone in the end.
final class ProgressBar implements PullProgress, AutoCloseable {
  private static final String CLEAR = "\r\033[K";
  private static final Duration PERIOD = Duration.ofMillis(100);
  private static final int CELLS = 24;
  private static final int NAME_CHARS_MAX = 28;
  private static final double MIB = 1 << 20;

  private final PrintStream out;
  private String line = "";
  private long nextAt = System.nanoTime();

  ProgressBar(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void begins(String image, long total) {
    draw(image, bar(0, total));
  }

  @Override
  public synchronized void fetches(String image, long done, long total) {
    if (System.nanoTime() - nextAt >= 0) {
      draw(image, bar(done, total));
    }
  }

  @Override
  public synchronized void unpacks(String image, int layer, int layers) {
    draw(image, "unpacked " + layer + " of " + layers + " layers");
  }

  @Override
  public synchronized void notes(String image, String sentence) {
    out.print(CLEAR);
    out.println("image " + image + ": " + sentence);
    out.print(line);
    out.flush();
  }

  private static String bar(long done, long total) {
    int full = total <= 0 ? CELLS : Math.clamp(done * CELLS / total, 0, CELLS);
    return String.format(
        Locale.ROOT,
        "[%s%s] %.1f of %.1f MiB",
        "#".repeat(full),
        "-".repeat(CELLS - full),
        done / MIB,
        total / MIB);
  }

  private void draw(String image, String what) {
    nextAt = System.nanoTime() + PERIOD.toNanos();
    // The end of a name says more than its beginning, which is the registry's.
    String name =
        image.length() <= NAME_CHARS_MAX
            ? image
            : "…" + image.substring(image.length() - NAME_CHARS_MAX + 1);
    line = name + " " + what;
    out.print(CLEAR + line);
    out.flush();
  }

  /// Removes the line.
  @Override
  public synchronized void close() {
    out.print(CLEAR);
    out.flush();
  }
}
