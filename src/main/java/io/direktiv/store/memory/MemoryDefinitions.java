package io.direktiv.store.memory;

import io.direktiv.store.Definitions;
import io.direktiv.store.Listing;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Page;
import io.direktiv.store.WorkflowRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Reads namespaces and workflows.
record MemoryDefinitions(Tables tables) implements Definitions {
  @Override
  public Optional<NamespaceRecord> namespace(String name) {
    synchronized (tables) {
      return tables.namespaces.get(name);
    }
  }

  @Override
  public Listing<NamespaceRecord> namespaces(Page page) {
    synchronized (tables) {
      return Pages.of(tables.namespaces.all(), page);
    }
  }

  @Override
  public Optional<WorkflowRecord> workflow(String namespace, String id) {
    synchronized (tables) {
      return tables.workflow(namespace, id);
    }
  }

  @Override
  public Optional<WorkflowRecord> workflow(String uid) {
    synchronized (tables) {
      return tables.workflows.get(uid);
    }
  }

  @Override
  public Listing<WorkflowRecord> workflows(String namespace, Page page) {
    synchronized (tables) {
      List<WorkflowRecord> found =
          tables.workflows.where(workflow -> workflow.namespace().equals(namespace)).stream()
              .sorted(Comparator.comparing(WorkflowRecord::id))
              .toList();
      return Pages.of(found, page);
    }
  }

  @Override
  public Optional<String> source(String uid, int revision) {
    synchronized (tables) {
      return tables.sources.get(Tables.key(uid, revision)).map(Tables.SourceRow::text);
    }
  }
}
