package io.direktiv.execution;

import io.direktiv.model.InvalidWorkflowException;
import io.direktiv.model.Workflow;
import io.direktiv.model.WorkflowReader;
import io.direktiv.store.Definitions;
import io.direktiv.store.WorkflowRecord;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Definitions that were read: revisions for ever, the current ones until they change.
final class DefinitionCache {
  /// The current revision of a workflow with its definition.
  record Current(WorkflowRecord record, Workflow definition) {}

  private record Revision(String uid, int number) {}

  private final Definitions definitions;
  private final Map<Revision, Workflow> revisions = bounded();
  private final Map<String, Current> current = bounded();

  DefinitionCache(Definitions definitions) {
    this.definitions = definitions;
  }

  private static <K, V> Map<K, V> bounded() {
    return Collections.synchronizedMap(
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > Limits.CACHED_DEFINITIONS;
          }
        });
  }

  /// The workflow `id` of a namespace as it is now.
  Optional<Current> current(String namespace, String id) {
    String key = namespace + "/" + id;
    Current cached = current.get(key);
    if (cached != null) {
      return Optional.of(cached);
    }
    Optional<Current> found =
        definitions
            .workflow(namespace, id)
            .map(record ->
                new Current(record, read(record.uid(), record.revision(), record.source())));
    found.ifPresent(value -> current.put(key, value));
    return found;
  }

  /// A revision; empty when its workflow was deleted.
  Optional<Workflow> revision(String uid, int number) {
    Workflow cached = revisions.get(new Revision(uid, number));
    if (cached != null) {
      return Optional.of(cached);
    }
    return definitions.source(uid, number).map(source -> read(uid, number, source));
  }

  private Workflow read(String uid, int number, String source) {
    return revisions.computeIfAbsent(
        new Revision(uid, number),
        _ -> {
          try {
            return WorkflowReader.read(source).orThrow();
          } catch (InvalidWorkflowException e) {
            throw new IllegalStateException(
                "workflow " + uid + " revision " + number + " was stored but cannot be read", e);
          }
        });
  }

  /// Forgets what is current, after a change.
  void changed() {
    current.clear();
  }
}
