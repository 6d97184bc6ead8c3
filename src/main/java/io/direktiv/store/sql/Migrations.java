package io.direktiv.store.sql;

import io.direktiv.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/// Brings the tables of a data folder to this release. The version stands in the file itself.
final class Migrations {
  private static final List<String> SCRIPTS = List.of("0001-start.sql");

  private Migrations() {}

  static void run(Session db) throws SQLException {
    long version = db.count("PRAGMA user_version");
    if (version > SCRIPTS.size()) {
      throw new StoreException(
          "the data folder was written by a newer release (schema "
              + version
              + ", this one knows "
              + SCRIPTS.size()
              + "); use that release",
          null);
    }
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

  private static String text(String script) {
    try (InputStream in = Migrations.class.getResourceAsStream(script)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StoreException("the migration " + script + " cannot be read", e);
    }
  }
}
