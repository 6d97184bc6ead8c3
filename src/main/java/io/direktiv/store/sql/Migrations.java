package io.direktiv.store.sql;

import io.direktiv.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/// Brings the tables of a data folder to this release. The version stands in the file itself.
final class Migrations {
  private static final List<String> SCRIPTS =
      List.of("0001-start.sql", "0002-waiting.sql", "0003-fair-events.sql", "0004-families.sql");

  private Migrations() {}

  static void run(Session db) throws SQLException {
    long version = version(db);
    for (int i = (int) version; i < SCRIPTS.size(); i++) {
      db.update("BEGIN IMMEDIATE");
      for (String statement : text(SCRIPTS.get(i)).split(";\\s*\n")) {
        if (!statement.isBlank()) {
          db.update(statement);
        }
      }
      db.update("PRAGMA user_version = " + (i + 1));
      db.update("COMMIT");
    }
  }

  /// Refuses tables of another release without changing them.
  static void requireCurrent(Session db) throws SQLException {
    if (version(db) != SCRIPTS.size()) {
      throw new StoreException(
          "DK0005: the data folder is used by a server of another release; use that release's"
              + " command",
          null);
    }
  }

  private static long version(Session db) throws SQLException {
    long version = db.count("PRAGMA user_version");
    if (version > SCRIPTS.size()) {
      throw new StoreException(
          "DK0005: the data folder was written by a newer release (schema "
              + version
              + ", this one knows "
              + SCRIPTS.size()
              + "); start that release, or bring back a backup from before the upgrade",
          null);
    }
    return version;
  }

  private static String text(String script) {
    try (InputStream in = Migrations.class.getResourceAsStream(script)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StoreException("the migration " + script + " cannot be read", e);
    }
  }
}
