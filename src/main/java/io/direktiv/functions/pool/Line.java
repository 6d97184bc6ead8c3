package io.direktiv.functions.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The servers of one kind. Guarded by [Servers].
final class Line {
  private static final int DOUBLINGS_MAX = 6;

  private final List<Server> servers = new ArrayList<>();
  private final Duration restartPause;
  private Wanted like;
  private int minimum;
  private int failures;
  private long pauseEndsAtNanos = System.nanoTime();

  Line(Wanted like, Duration restartPause) {
    this.like = like;
    this.restartPause = restartPause;
  }

  /// What a server of this line is now; those of another image get no more calls.
  void renew(Wanted wanted) {
    like = wanted;
    for (Server server : List.copyOf(servers)) {
      if (!server.image().equals(wanted.image())) {
        server.retire();
        endIfIdle(server);
      }
    }
  }

  Wanted like() {
    return like;
  }

  /// How many are to be kept ready.
  void keep(int count) {
    minimum = count;
  }

  /// One that may be given another call: one that listens before one that is being made, and the
  /// one with the fewest calls.
  Optional<Server> free(int places) {
    return servers.stream()
        .filter(server -> server.isOpen() && server.calls() < places)
        .min(Comparator.comparing(Server::isReady).reversed().thenComparing(Server::calls));
  }

  void add(Server server) {
    servers.add(server);
  }

  /// A server has ended; when nobody wanted that, the next one of those that are kept ready waits.
  void ended(Server server) {
    servers.remove(server);
    if (!server.isRetired()) {
      failures = server.ageNanos() > PoolSettings.RESTART_PAUSE_MAX.toNanos() ? 0 : failures;
      failed();
    }
  }

  /// A server was of no use: the next one of those that are kept ready waits, longer each time.
  void failed() {
    Duration pause = restartPause.multipliedBy(1L << Math.min(failures, DOUBLINGS_MAX));
    failures++;
    long nanos = Math.min(pause.toNanos(), PoolSettings.RESTART_PAUSE_MAX.toNanos());
    pauseEndsAtNanos = System.nanoTime() + nanos;
  }

  /// A server was of use.
  void served() {
    failures = 0;
  }

  /// True when one more is to be made for those that are kept ready. One that ended by itself
  /// counts until [#ended] says when the next one may follow.
  boolean isShort() {
    long counted = servers.stream().filter(server -> !server.isRetired()).count();
    return counted < minimum && System.nanoTime() - pauseEndsAtNanos >= 0;
  }

  private int open() {
    return (int) servers.stream().filter(Server::isOpen).count();
  }

  /// Those that wait for calls.
  List<Server> idle() {
    return servers.stream().filter(server -> server.isOpen() && server.calls() == 0).toList();
  }

  /// True when one may go without going below what is to be kept ready.
  boolean hasMoreThanKept() {
    return open() > minimum;
  }

  boolean isEmpty() {
    return servers.isEmpty() && minimum == 0;
  }

  /// Gives up what is kept ready, and what waits.
  void release() {
    minimum = 0;
    for (Server server : List.copyOf(servers)) {
      server.retire();
      endIfIdle(server);
    }
  }

  private static void endIfIdle(Server server) {
    if (server.calls() == 0) {
      server.end();
    }
  }

  List<Server> all() {
    return List.copyOf(servers);
  }
}
