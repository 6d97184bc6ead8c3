package io.direktiv.functions.pool;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Codes;
import io.direktiv.functions.Limits;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.contract.HttpContract;
import io.direktiv.functions.contract.Ports;
import io.direktiv.functions.contract.Sidecar;
import io.direktiv.model.FunctionDefinition;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All servers of a process. Safe for use by many threads.
///
/// A call is given to a server of its kind that has a free place, else to a new one; so there are
/// never more that work than calls are let in. Those that wait are bounded: when there are more,
/// the one that waited longest is ended, one that a workflow keeps ready last.
public final class Servers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Servers.class);
  private static final int TICK_MILLIS = 100;
  private static final int LOOK_MILLIS = 5;

  private final PoolSettings settings;
  private final Map<Kind, Line> lines = new LinkedHashMap<>();
  private boolean isClosed;

  public Servers(PoolSettings settings) {
    this.settings = settings;
    Thread.ofVirtual().name("servers").start(this::keep);
  }

  /// A call at a server.
  public final class Visit {
    private final Line line;
    private final Server server;
    private final ActionId id;
    private final boolean isUsed;

    private Visit(Line line, Server server, ActionId id, boolean isUsed) {
      this.line = line;
      this.server = server;
      this.id = id;
      this.isUsed = isUsed;
    }

    /// The server.
    public HttpContract.Served served() {
      return server;
    }

    /// True when the server has listened to others before.
    public boolean isUsed() {
      return isUsed;
    }

    /// The call is over.
    public void leave(Condition condition) {
      if (condition == Condition.ANSWERED) {
        server.settle();
      }
      if (isEndedBy(condition)) {
        server.ended().handle((_, _) -> null).join();
      }
    }

    private boolean isEndedBy(Condition condition) {
      synchronized (Servers.this) {
        server.dismiss(id);
        switch (condition) {
          case ANSWERED -> {
            server.ready();
            line.served();
          }
          case SPOILED -> server.retire();
          case UNASKED -> {
            // As before.
          }
        }
        boolean isUseful = server.isOpen() && server.isReady() && settings.idleMost() > 0;
        if (server.calls() == 0 && !isUseful) {
          server.end();
          return true;
        }
        trim();
        return false;
      }
    }
  }

  /// In what a call leaves its server.
  public enum Condition {
    /// It has answered, well or not.
    ANSWERED,
    /// It may still be at work, or takes no calls: it gets no more.
    SPOILED,
    /// It was not asked.
    UNASKED
  }

  /// Begins a call.
  ///
  /// @param isNew true when it must not be one that listened to others before
  public Visit enter(Wanted wanted, ActionId id, Sidecar.Call call, boolean isNew)
      throws SandboxException {
    List<OutputLine> unheard;
    Visit visit;
    synchronized (this) {
      if (isClosed) {
        throw new SandboxException(Codes.FUNCTION_UNAVAILABLE, "the server is being stopped");
      }
      Line line =
          lines.computeIfAbsent(wanted.kind(), _ -> new Line(wanted, settings.restartPause()));
      line.renew(wanted);
      Optional<Server> free = isNew ? Optional.empty() : line.free(settings.places());
      boolean isUsed = free.map(Server::isReady).orElse(false);
      Server server = free.orElseGet(() -> begin(line));
      unheard = server.admit(id, call);
      visit = new Visit(line, server, id, isUsed);
      notifyAll();
    }
    unheard.forEach(line -> call.log().line(line));
    visit.server.thaw();
    return visit;
  }

  private Server begin(Line line) {
    Wanted like = line.like();
    Sandbox sandbox = like.sandbox().lasting().uncalled("direktiv-server-" + UUID.randomUUID());
    Server server = new Server(like.runtime(), sandbox, like.image());
    line.add(server);
    server.ended().whenComplete((_, _) -> ended(line, server));
    server.start();
    return server;
  }

  private synchronized void ended(Line line, Server server) {
    line.ended(server);
    notifyAll();
  }

  /// From now on `count` servers of this kind are kept ready, as far as there is room.
  public synchronized void hold(Wanted wanted, int count) {
    if (!isClosed) {
      Line line =
          lines.computeIfAbsent(wanted.kind(), _ -> new Line(wanted, settings.restartPause()));
      line.renew(wanted);
      line.keep(count);
      notifyAll();
    }
  }

  /// Gives up what is kept ready for a workflow and what waits there, but for its functions
  /// `still`.
  public synchronized void release(
      String namespace, String workflow, Collection<FunctionDefinition> still) {
    lines.forEach((kind, line) -> {
      if (kind.isOf(namespace, workflow) && !still.contains(kind.function())) {
        line.release();
      }
    });
  }

  /// How many servers there are.
  public synchronized int count() {
    return lines.values().stream().mapToInt(line -> line.all().size()).sum();
  }

  /// Ends those that have waited longest, when more wait than may.
  private void trim() {
    while (idle() > settings.idleMost()) {
      longest(true).or(() -> longest(false)).ifPresent(Server::end);
    }
  }

  private long idle() {
    return lines.values().stream().mapToLong(line -> line.idle().size()).sum();
  }

  private Optional<Server> longest(boolean isBeyondKept) {
    return lines.values().stream()
        .filter(line -> !isBeyondKept || line.hasMoreThanKept())
        .flatMap(line -> line.idle().stream())
        .max(Comparator.comparing(Server::idleNanos));
  }

  private void keep() {
    try {
      while (!isOver()) {
        tick();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until there is something to do, or for the next look.
  private synchronized boolean isOver() throws InterruptedException {
    if (!isClosed) {
      wait(lines.isEmpty() ? 0 : TICK_MILLIS);
    }
    return isClosed;
  }

  private synchronized void tick() {
    for (Line line : lines.values()) {
      for (Server server : line.idle()) {
        if (server.idleNanos() > settings.idle().toNanos() && line.hasMoreThanKept()) {
          server.end();
        } else if (server.isWarm() && server.idleNanos() > settings.freezeAfter().toNanos()) {
          Thread.ofVirtual().name("freeze").start(server::freeze);
        }
      }
      while (line.isShort() && idle() < settings.idleMost()) {
        Server server = begin(line);
        Thread.ofVirtual().name("ready").start(() -> awaitReady(line, server));
      }
    }
    lines.values().removeIf(Line::isEmpty);
  }

  /// Looks until a server listens that nobody has called yet, and ends it when it does not.
  private void awaitReady(Line line, Server server) {
    long deadline = System.nanoTime() + Limits.LISTEN_TIME.toNanos();
    try {
      CompletableFuture.anyOf(server.begun(), server.ended()).handle((_, _) -> null).join();
      while (server.isOpen() && !server.isReady()) {
        if (isListening(server)) {
          server.ready();
        } else if (System.nanoTime() > deadline) {
          LOG.warn(
              "function \"{}\" of {}/{} did not listen at port 8080 within {} s",
              line.like().function().id(),
              line.like().sandbox().namespace(),
              line.like().workflow(),
              Limits.LISTEN_TIME.toSeconds());
          synchronized (this) {
            line.failed();
          }
          server.end();
        } else {
          Thread.sleep(LOOK_MILLIS);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isListening(Server server) {
    try (var _ = server.begun().join().connect(Ports.FUNCTION)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Ends all servers; nothing is begun any more. Twice is fine.
  @Override
  public synchronized void close() {
    isClosed = true;
    lines.values().forEach(line -> line.all().forEach(Server::end));
    notifyAll();
  }
}
