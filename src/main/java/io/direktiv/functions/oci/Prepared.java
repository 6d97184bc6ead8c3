package io.direktiv.functions.oci;

import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.oci.OciRuntime.Ahead;
import io.direktiv.functions.oci.OciRuntime.Roots;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sandboxes that are made ahead, so that a call has only to start one. Safe for use by many
/// threads.
///
/// What was called lately is expected again: as many wait as ran at one time, and at least as many
/// as the function wants ready, up to a bound for all. When that is reached, what was called the
/// longest time ago makes room. A sandbox waits for calls of one namespace, image, command and set
/// of limits, runs once, and is dropped when nobody calls for a while.
///
/// One thread makes them, one after the other, so that they never take more than one processor from
/// those that run.
final class Prepared implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Prepared.class);
  private static final Duration CLOSE_TIME = Duration.ofSeconds(10);

  private final Machine machine;
  private final Roots roots;
  private final Ahead ahead;
  private final Map<Kind, Line> lines = new LinkedHashMap<>(16, 0.75f, true);
  private final Thread maker;
  private int count;
  private int removing;
  private boolean isClosed;

  /// What sandboxes have in common that may stand in for each other.
  private record Kind(
      String namespace,
      Path root,
      List<String> command,
      Map<String, String> environment,
      SandboxLimits limits) {
    static Kind of(Sandbox sandbox, Root root) {
      return new Kind(
          sandbox.namespace(),
          root.folder(),
          sandbox.command(),
          sandbox.environment(),
          sandbox.limits().withTime(Duration.ZERO));
    }
  }

  private static final class Line {
    private final Deque<MadeSandbox> waiting = new ArrayDeque<>();
    private Sandbox like;
    private int running;
    private int peak;
    private boolean isWanted;
    private long usedAtNanos;

    int target(int most) {
      return like.ready() == Sandbox.NONE_AHEAD ? 0 : Math.min(most, Math.max(like.ready(), peak));
    }
  }

  Prepared(Machine machine, Roots roots, Ahead ahead) {
    this.machine = machine;
    this.roots = roots;
    this.ahead = ahead;
    this.maker = machine.threads().newThread(this::make);
    if (ahead.most() > 0) {
      maker.start();
    }
  }

  /// A call that has begun: with a sandbox, where one waited.
  final class Visit {
    private final Kind kind;
    private final Optional<MadeSandbox> made;

    private Visit(Kind kind, Optional<MadeSandbox> made) {
      this.kind = kind;
      this.made = made;
    }

    /// The sandbox that waited; the caller removes it.
    Optional<MadeSandbox> made() {
      return made;
    }

    /// The call has ended: the next one is expected.
    void end() {
      leave(kind);
    }
  }

  /// Begins a call of `sandbox` over `root`.
  synchronized Visit enter(Sandbox sandbox, Root root) {
    Kind kind = Kind.of(sandbox, root);
    Line line = lines.computeIfAbsent(kind, _ -> new Line());
    line.like = sandbox;
    line.running++;
    line.peak = Math.max(line.peak, line.running);
    line.usedAtNanos = System.nanoTime();
    MadeSandbox made = line.waiting.poll();
    while (made != null && made.child().ended().isDone()) {
      count--;
      drop(made);
      made = line.waiting.poll();
    }
    count -= made == null ? 0 : 1;
    return new Visit(kind, Optional.ofNullable(made));
  }

  /// Calls of `sandbox` over `root` will come.
  synchronized void expect(Sandbox sandbox, Root root) {
    Line line = lines.computeIfAbsent(Kind.of(sandbox, root), _ -> new Line());
    line.like = sandbox;
    line.isWanted = true;
    line.usedAtNanos = System.nanoTime();
    notifyAll();
  }

  private synchronized void leave(Kind kind) {
    Line line = lines.get(kind);
    line.running--;
    line.isWanted = true;
    line.usedAtNanos = System.nanoTime();
    notifyAll();
  }

  /// How many wait.
  synchronized int count() {
    return count;
  }

  private synchronized void drop(MadeSandbox made) {
    removing++;
    machine
        .threads()
        .newThread(() -> {
          made.remove();
          removed();
        })
        .start();
  }

  private synchronized void removed() {
    removing--;
    notifyAll();
  }

  private void make() {
    try {
      for (Optional<Kind> kind = next(); kind.isPresent(); kind = next()) {
        make(kind.get());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for a kind of which one more should wait; empty when this is closed.
  private synchronized Optional<Kind> next() throws InterruptedException {
    while (!isClosed) {
      expire();
      for (Map.Entry<Kind, Line> entry : List.copyOf(lines.entrySet()).reversed()) {
        Line line = entry.getValue();
        boolean isShort = line.waiting.size() < line.target(ahead.most());
        if (line.isWanted && isShort && hasRoom(line)) {
          return Optional.of(entry.getKey());
        }
        line.isWanted = false;
      }
      wait(Math.max(1, ahead.idle().toMillis() / 4));
    }
    return Optional.empty();
  }

  /// True when there is room for one more beside `line`, for which another line may lose one.
  private boolean hasRoom(Line line) {
    if (count < ahead.most()) {
      return true;
    }
    for (Line other : lines.values()) {
      if (other == line) {
        return false;
      }
      if (!other.waiting.isEmpty()) {
        count--;
        drop(other.waiting.poll());
        return true;
      }
    }
    return false;
  }

  private void expire() {
    long now = System.nanoTime();
    for (Line line : lines.values()) {
      if (now - line.usedAtNanos > ahead.idle().toNanos()) {
        count -= line.waiting.size();
        line.waiting.forEach(this::drop);
        line.waiting.clear();
        line.peak = line.running;
        line.isWanted = false;
      }
    }
    lines
        .values()
        .removeIf(line -> line.running == 0 && now - line.usedAtNanos > ahead.idle().toNanos());
  }

  private void make(Kind kind) {
    Optional<MadeSandbox> made = Optional.empty();
    try {
      made = made(kind);
    } catch (IOException | SandboxException | RuntimeException e) {
      LOG.atDebug().setCause(e).log("no sandbox was made ahead");
    }
    synchronized (this) {
      Line line = lines.get(kind);
      if (made.isPresent() && (isClosed || line == null)) {
        drop(made.get());
      } else if (made.isPresent()) {
        line.waiting.add(made.get());
        count++;
      } else if (line != null) {
        line.isWanted = false;
      }
    }
  }

  private Optional<MadeSandbox> made(Kind kind) throws IOException, SandboxException {
    Sandbox like;
    synchronized (this) {
      like = lines.get(kind).like;
    }
    Sandbox sandbox = like.uncalled("direktiv-ahead-" + UUID.randomUUID());
    Root root = roots.provide(sandbox, _ -> {});
    if (!Kind.of(sandbox, root).equals(kind)) {
      // The image's tag has moved: the next call makes the new one known.
      root.close();
      return Optional.empty();
    }
    return Optional.of(MadeSandbox.make(machine, sandbox, root));
  }

  /// Removes what waits, and makes no more.
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      lines.values().forEach(line -> line.waiting.forEach(this::drop));
      lines.values().forEach(line -> line.waiting.clear());
      count = 0;
      notifyAll();
    }
    long deadline = System.nanoTime() + CLOSE_TIME.toNanos();
    try {
      if (maker.isAlive()) {
        maker.join(CLOSE_TIME);
      }
      synchronized (this) {
        while (removing > 0 && System.nanoTime() < deadline) {
          wait(CLOSE_TIME.toMillis());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
