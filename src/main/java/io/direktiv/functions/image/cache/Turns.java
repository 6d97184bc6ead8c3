package io.direktiv.functions.image.cache;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/// Lets threads do something one after the other, for each key apart. Nothing is kept for a key
/// that nobody wants: a turn goes with the last of those who hold it or wait for it, not with the
/// first, or who comes next would begin a second one beside it.
final class Turns<K> {
  private static final class Turn {
    private final ReentrantLock lock = new ReentrantLock();

    /// Who hold it or wait for it; changed while the map holds its entry.
    private int users;
  }

  private final ConcurrentMap<K, Turn> turns = new ConcurrentHashMap<>();

  /// What is done in a turn.
  interface Work<T, E extends Exception> {
    T run() throws E, IOException, InterruptedException;
  }

  /// Does `work` while no other thread does such for `key`.
  <T, E extends Exception> T alone(K key, Work<T, E> work)
      throws E, IOException, InterruptedException {
    Turn turn = turns.compute(key, (_, known) -> joined(known == null ? new Turn() : known));
    try {
      turn.lock.lockInterruptibly();
      try {
        return work.run();
      } finally {
        turn.lock.unlock();
      }
    } finally {
      turns.computeIfPresent(key, (_, known) -> --known.users == 0 ? null : known);
    }
  }

  private static Turn joined(Turn turn) {
    turn.users++;
    return turn;
  }

  /// True when somebody has a turn for `key`, or waits for one.
  boolean isTaken(K key) {
    return turns.containsKey(key);
  }
}
