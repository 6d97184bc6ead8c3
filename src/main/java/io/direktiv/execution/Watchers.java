package io.direktiv.execution;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who wants to know about committed changes, by namespace.
final class Watchers {
  private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

  private final Map<String, List<Execution.Watcher>> watchers = new ConcurrentHashMap<>();

  Execution.Watch watch(String namespace, Execution.Watcher watcher) {
    watchers.computeIfAbsent(namespace, _ -> new CopyOnWriteArrayList<>()).add(watcher);
    return () ->
        watchers.computeIfPresent(
            namespace,
            (_, list) -> {
              list.remove(watcher);
              return list.isEmpty() ? null : list;
            });
  }

  boolean isWatched(String namespace) {
    return watchers.containsKey(namespace);
  }

  void tell(String namespace, Execution.Change change) {
    tellAll(namespace, watcher -> watcher.changed(change));
  }

  /// Says that instances of a namespace were deleted.
  void deleted(String namespace) {
    tellAll(namespace, Execution.Watcher::deleted);
  }

  private void tellAll(String namespace, Consumer<Execution.Watcher> news) {
    for (Execution.Watcher watcher : watchers.getOrDefault(namespace, List.of())) {
      try {
        news.accept(watcher);
      } catch (RuntimeException e) {
        LOG.warn("a watcher failed", e);
      }
    }
  }
}
