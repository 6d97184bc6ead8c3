package io.direktiv.store.sql;

import io.direktiv.store.Definitions;
import io.direktiv.store.Listing;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.WorkflowRecord;
import java.util.Optional;

/// Reads namespaces and workflows.
final class SqlDefinitions implements Definitions {
  private static final String WORKFLOW =
      "SELECT w.*, r.source FROM workflow w JOIN revision r ON r.uid = w.uid AND"
          + " r.revision = w.revision ";

  private final Readers readers;

  SqlDefinitions(Readers readers) {
    this.readers = readers;
  }

  @Override
  public Optional<NamespaceRecord> namespace(String name) {
    return readers.read(
        db -> db.first("SELECT * FROM namespace WHERE name = ?", Rows::namespace, name));
  }

  @Override
  public Listing<NamespaceRecord> namespaces(Page page) {
    return readers.read(db ->
        new Listing<>(
            db.list(
                "SELECT * FROM namespace ORDER BY name LIMIT ? OFFSET ?",
                Rows::namespace,
                page.limit(),
                page.offset()),
            db.count("SELECT count(*) FROM namespace")));
  }

  @Override
  public Optional<WorkflowRecord> workflow(String namespace, String id) {
    return readers.read(db ->
        db.first(WORKFLOW + "WHERE w.namespace = ? AND w.id = ?", Rows::workflow, namespace, id));
  }

  @Override
  public Optional<WorkflowRecord> workflow(String uid) {
    return readers.read(db -> db.first(WORKFLOW + "WHERE w.uid = ?", Rows::workflow, uid));
  }

  @Override
  public Listing<WorkflowRecord> workflows(String namespace, Page page) {
    return readers.read(db ->
        new Listing<>(
            db.list(
                WORKFLOW + "WHERE w.namespace = ? ORDER BY w.id LIMIT ? OFFSET ?",
                Rows::workflow,
                namespace,
                page.limit(),
                page.offset()),
            db.count("SELECT count(*) FROM workflow WHERE namespace = ?", namespace)));
  }

  @Override
  public Optional<String> source(String uid, int revision) {
    return readers.read(db ->
        db.first(
            "SELECT source FROM revision WHERE uid = ? AND revision = ?",
            row -> row.getString(1),
            uid,
            revision));
  }
}
