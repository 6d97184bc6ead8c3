package io.direktiv.store.sql;

import io.direktiv.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A connection with its prepared statements. For one thread at a time.
final class Session implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  Session(Connection connection) {
    this.connection = connection;
  }

  /// Reads one row.
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private PreparedStatement prepare(String sql, Object... values) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < values.length; i++) {
      switch (values[i]) {
        case null -> statement.setNull(i + 1, java.sql.Types.NULL);
        case String text -> statement.setString(i + 1, text);
        case Integer number -> statement.setInt(i + 1, number);
        case Long number -> statement.setLong(i + 1, number);
        case Boolean flag -> statement.setInt(i + 1, flag ? 1 : 0);
        case byte[] bytes -> statement.setBytes(i + 1, bytes);
        case Instant at -> statement.setLong(i + 1, micros(at));
        default -> throw new IllegalArgumentException("cannot bind " + values[i].getClass());
      }
    }
    return statement;
  }

  /// Runs a writing statement and returns the number of changed rows.
  int update(String sql, Object... values) throws SQLException {
    try {
      return prepare(sql, values).executeUpdate();
    } catch (SQLException e) {
      forget(sql);
      throw e;
    }
  }

  /// The driver closes a statement that failed, as on a full disk; the next use prepares it anew.
  private void forget(String sql) throws SQLException {
    PreparedStatement failed = statements.remove(sql);
    if (failed != null) {
      failed.close();
    }
  }

  <T> List<T> list(String sql, Row<T> reader, Object... values) throws SQLException {
    List<T> found = new ArrayList<>();
    try (ResultSet rows = prepare(sql, values).executeQuery()) {
      while (rows.next()) {
        found.add(reader.read(rows));
      }
    } catch (SQLException e) {
      forget(sql);
      throw e;
    }
    return found;
  }

  <T> Optional<T> first(String sql, Row<T> reader, Object... values) throws SQLException {
    try (ResultSet rows = prepare(sql, values).executeQuery()) {
      return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
    } catch (SQLException e) {
      forget(sql);
      throw e;
    }
  }

  boolean exists(String sql, Object... values) throws SQLException {
    return first(sql, _ -> true, values).isPresent();
  }

  long count(String sql, Object... values) throws SQLException {
    return first(sql, row -> row.getLong(1), values).orElse(0L);
  }

  static long micros(Instant at) {
    return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }

  @Override
  public void close() {
    try {
      for (PreparedStatement statement : statements.values()) {
        statement.close();
      }
      connection.close();
    } catch (SQLException e) {
      throw new StoreException("the store's connection does not close: " + e.getMessage(), e);
    }
  }
}
