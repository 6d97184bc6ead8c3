package io.direktiv.store.sql;

import io.direktiv.store.Holdings;
import io.direktiv.store.Listing;
import io.direktiv.store.Page;
import io.direktiv.store.RegistryRecord;
import io.direktiv.store.SecretRecord;
import io.direktiv.store.TokenRecord;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.VariableRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Reads variables, secrets, registries and tokens.
final class SqlHoldings implements Holdings {
  private static final byte[] NO_VALUE = {};

  private final Readers readers;

  SqlHoldings(Readers readers) {
    this.readers = readers;
  }

  private static VariableRecord variable(ResultSet row, VariableOwner owner, byte[] value)
      throws SQLException {
    return new VariableRecord(
        owner,
        row.getString("name"),
        value,
        row.getString("mime_type"),
        Session.instant(row.getLong("created_at")),
        Session.instant(row.getLong("updated_at")));
  }

  @Override
  public Optional<VariableRecord> variable(VariableOwner owner, String key) {
    return readers.read(db ->
        db.first(
            "SELECT * FROM variable WHERE namespace = ? AND owner = ? AND name = ?",
            row -> variable(row, owner, row.getBytes("value")),
            owner.namespace(),
            Rows.owner(owner),
            key));
  }

  @Override
  public Listing<VariableRecord> variables(VariableOwner owner, Page page) {
    return readers.read(db ->
        new Listing<>(
            db.list(
                "SELECT name, mime_type, created_at, updated_at FROM variable WHERE"
                    + " namespace = ? AND owner = ? ORDER BY name LIMIT ? OFFSET ?",
                row -> variable(row, owner, NO_VALUE),
                owner.namespace(),
                Rows.owner(owner),
                page.limit(),
                page.offset()),
            db.count(
                "SELECT count(*) FROM variable WHERE namespace = ? AND owner = ?",
                owner.namespace(),
                Rows.owner(owner))));
  }

  private static SecretRecord secret(ResultSet row) throws SQLException {
    return new SecretRecord(
        row.getString("namespace"),
        row.getString("name"),
        row.getBytes("sealed"),
        Session.instant(row.getLong("created_at")));
  }

  @Override
  public Optional<SecretRecord> secret(String namespace, String name) {
    return readers.read(db ->
        db.first(
            "SELECT * FROM secret WHERE namespace = ? AND name = ?",
            SqlHoldings::secret,
            namespace,
            name));
  }

  @Override
  public Listing<SecretRecord> secrets(String namespace, Page page) {
    return readers.read(db ->
        new Listing<>(
            db.list(
                "SELECT * FROM secret WHERE namespace = ? ORDER BY name LIMIT ? OFFSET ?",
                SqlHoldings::secret,
                namespace,
                page.limit(),
                page.offset()),
            db.count("SELECT count(*) FROM secret WHERE namespace = ?", namespace)));
  }

  @Override
  public Listing<RegistryRecord> registries(String namespace, Page page) {
    return readers.read(db ->
        new Listing<>(
            db.list(
                "SELECT * FROM registry WHERE namespace = ? ORDER BY url LIMIT ? OFFSET ?",
                row ->
                    new RegistryRecord(
                        row.getString("namespace"),
                        row.getString("url"),
                        row.getBytes("sealed"),
                        Session.instant(row.getLong("created_at"))),
                namespace,
                page.limit(),
                page.offset()),
            db.count("SELECT count(*) FROM registry WHERE namespace = ?", namespace)));
  }

  @Override
  public Optional<TokenRecord> token(byte[] hash) {
    return readers.read(db -> db.first("SELECT * FROM token WHERE hash = ?", Rows::token, hash));
  }

  @Override
  public List<TokenRecord> tokens() {
    return readers.read(db -> db.list("SELECT * FROM token ORDER BY name", Rows::token));
  }
}
