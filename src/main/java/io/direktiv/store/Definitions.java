package io.direktiv.store;

import java.util.Optional;

/// Namespaces and workflows.
public interface Definitions {
  /// The namespace called `name`.
  Optional<NamespaceRecord> namespace(String name);

  /// Namespaces by name.
  Listing<NamespaceRecord> namespaces(Page page);

  /// The workflow `id` of a namespace.
  Optional<WorkflowRecord> workflow(String namespace, String id);

  /// The workflow `uid`.
  Optional<WorkflowRecord> workflow(String uid);

  /// The workflows of a namespace by id.
  Listing<WorkflowRecord> workflows(String namespace, Page page);

  /// The text of a revision, also of one that was replaced.
  Optional<String> source(String uid, int revision);
}
