package io.direktiv.store.memory;

import io.direktiv.engine.Activity;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Visit;
import io.direktiv.store.IdempotencyRecord;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.InstanceSummary;
import io.direktiv.store.Instances;
import io.direktiv.store.Listing;
import io.direktiv.store.Page;
import io.direktiv.store.codec.InstanceCodec;
import io.direktiv.store.codec.Outcomes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads instances, their history and their logs.
record MemoryInstances(Tables tables) implements Instances {
  private static final Tables.HistoryRow NOTHING = new Tables.HistoryRow(List.of(), List.of());

  @Override
  public Optional<Instance> load(InstanceId id) {
    synchronized (tables) {
      return tables.instances.get(id.toString()).map(row -> merged(row));
    }
  }

  private Instance merged(Tables.InstanceRow row) {
    Instance instance = InstanceCodec.decode(row.record());
    if (!(instance.activity() instanceof Activity.Acting acting)) {
      return instance;
    }
    Map<Integer, Outcome> outcomes = new HashMap<>();
    tables
        .actions
        .where(action ->
            action.record().id().instance().equals(instance.id())
                && action.record().id().step() == instance.step())
        .forEach(action ->
            action.outcome().ifPresent(o -> outcomes.put(action.record().id().branch(), o)));
    return Outcomes.merge(instance, acting, outcomes);
  }

  @Override
  public Listing<InstanceSummary> list(InstanceQuery query, Page page) {
    synchronized (tables) {
      List<InstanceSummary> found =
          tables.instances.where(row -> fits(query, row.summary())).stream()
              .sorted(Comparator.comparingLong(Tables.InstanceRow::order).reversed())
              .map(Tables.InstanceRow::summary)
              .toList();
      return Pages.of(found, page);
    }
  }

  private static boolean fits(InstanceQuery query, InstanceSummary row) {
    return row.id().namespace().equals(query.namespace())
        && query.workflow().map(row.id().workflow()::equals).orElse(true)
        && (query.statuses().isEmpty() || query.statuses().contains(row.status()))
        && query.beganFrom().map(from -> !row.beganAt().isBefore(from)).orElse(true)
        && query.beganBefore().map(row.beganAt()::isBefore).orElse(true);
  }

  @Override
  public Optional<InstanceId> byStartKey(String namespace, String startKey) {
    synchronized (tables) {
      return tables.starts.get(Tables.key(namespace, startKey)).map(Tables.StartRow::instance);
    }
  }

  @Override
  public Optional<IdempotencyRecord> byIdempotencyKey(String namespace, String key) {
    synchronized (tables) {
      return tables.idempotency.get(Tables.key(namespace, key));
    }
  }

  @Override
  public Listing<Visit> history(InstanceId id, Page page) {
    synchronized (tables) {
      return Pages.of(tables.history.get(id.toString()).orElse(NOTHING).visits(), page);
    }
  }

  @Override
  public Listing<LogLine> logs(InstanceId id, Page page) {
    synchronized (tables) {
      return Pages.of(tables.history.get(id.toString()).orElse(NOTHING).logs(), page);
    }
  }

  @Override
  public int living(InstanceId root, int atMost) {
    synchronized (tables) {
      return (int)
          tables.instances.where(row -> row.summary().endedAt().isEmpty()).stream()
              .map(row -> InstanceCodec.decode(row.record()))
              .filter(instance -> instance.invoker() instanceof Invoker.Subflow)
              .filter(instance -> instance.invoker().root(instance.id()).equals(root))
              .limit(atMost)
              .count();
    }
  }

  @Override
  public List<InstanceId> ready(Optional<InstanceId> after, int limit) {
    synchronized (tables) {
      List<InstanceId> found = new ArrayList<>();
      for (Tables.InstanceRow row :
          tables.instances.after(after.map(InstanceId::toString).orElse(""))) {
        if (row.isReady() && found.size() < limit) {
          found.add(row.summary().id());
        }
      }
      return found;
    }
  }
}
