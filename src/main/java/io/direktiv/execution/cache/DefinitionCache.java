package io.direktiv.execution.cache;

import io.direktiv.model.InvalidWorkflowException;
import io.direktiv.model.Workflow;
import io.direktiv.model.WorkflowReader;
import io.direktiv.store.Definitions;
import io.direktiv.store.WorkflowRecord;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// Definitions that were read: revisions for ever, the current ones until they change.
public final class DefinitionCache {
  /// The current revision of a workflow with its definition.
  public record Current(WorkflowRecord record, Workflow definition) {}

  private record Name(String namespace, String id) {}

  private record Revision(String uid, int number) {}

  private final Definitions definitions;
  private final WeightedCache<Revision, Workflow> revisions =
      new WeightedCache<>(Limits.CACHED_DEFINITIONS_CHARS);
  private final WeightedCache<Name, Current> current =
      new WeightedCache<>(Limits.CACHED_DEFINITIONS_CHARS);
  private final AtomicLong changes = new AtomicLong();

  /// A cache of what `definitions` holds.
  public DefinitionCache(Definitions definitions) {
    this.definitions = definitions;
  }

  /// The workflow `id` of a namespace as it is now.
  public Optional<Current> current(String namespace, String id) {
    Name name = new Name(namespace, id);
    Optional<Current> cached = current.get(name);
    if (cached.isPresent()) {
      return cached;
    }
    long seen = changes.get();
    Optional<Current> found =
        definitions
            .workflow(namespace, id)
            .map(record ->
                new Current(record, read(record.uid(), record.revision(), record.source())));
    found.ifPresent(value -> keep(name, value, seen));
    return found;
  }

  /// Keeps what was read, unless something changed meanwhile: then it may be old already.
  private void keep(Name name, Current value, long seen) {
    synchronized (current) {
      if (changes.get() == seen) {
        current.put(name, value, value.record().source().length());
      }
    }
  }

  /// A revision; empty when its workflow was deleted.
  public Optional<Workflow> revision(String uid, int number) {
    Optional<Workflow> cached = revisions.get(new Revision(uid, number));
    return cached.isPresent()
        ? cached
        : definitions.source(uid, number).map(source -> read(uid, number, source));
  }

  private Workflow read(String uid, int number, String source) {
    Revision revision = new Revision(uid, number);
    Optional<Workflow> cached = revisions.get(revision);
    if (cached.isPresent()) {
      return cached.get();
    }
    try {
      Workflow workflow = WorkflowReader.read(source).orThrow();
      revisions.put(revision, workflow, source.length());
      return workflow;
    } catch (InvalidWorkflowException e) {
      throw new IllegalStateException(
          "workflow " + uid + " revision " + number + " was stored but cannot be read", e);
    }
  }

  /// Forgets what is current of a workflow, after it was changed or deleted.
  public void changed(String uid) {
    forget(record -> record.uid().equals(uid));
  }

  /// Forgets what is current of a namespace, after it was deleted.
  public void deleted(String namespace) {
    forget(record -> record.namespace().equals(namespace));
  }

  private void forget(Predicate<WorkflowRecord> isGone) {
    synchronized (current) {
      changes.incrementAndGet();
      current.removeIf(entry -> isGone.test(entry.getValue().record()));
    }
  }
}
