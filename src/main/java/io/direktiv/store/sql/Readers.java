package io.direktiv.store.sql;

import io.direktiv.store.StoreException;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/// A few connections that only read. SQLite's calls pin a virtual thread's carrier, so no more read
/// at one time than there are connections.
final class Readers implements AutoCloseable {
  private final BlockingQueue<Session> idle = new ArrayBlockingQueue<>(Limits.READERS);

  Readers(Supplier<Session> open) {
    for (int i = 0; i < Limits.READERS; i++) {
      idle.add(open.get());
    }
  }

  /// A piece of reading.
  interface Reading<T> {
    T read(Session session) throws SQLException;
  }

  <T> T read(Reading<T> reading) {
    Session session = take();
    try {
      return reading.read(session);
    } catch (SQLException e) {
      throw new StoreException("the store cannot be read: " + e.getMessage(), e);
    } finally {
      idle.add(session);
    }
  }

  private Session take() {
    try {
      return idle.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("reading the store was interrupted", e);
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < Limits.READERS; i++) {
      take().close();
    }
  }
}
