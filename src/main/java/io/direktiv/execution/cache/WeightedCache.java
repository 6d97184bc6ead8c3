package io.direktiv.execution.cache;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Keeps what was used last, as much as a total weight allows. Safe for use by many threads.
public final class WeightedCache<K, V> {
  private record Entry<V>(V value, long weight) {}

  private final long weightMax;
  private final LinkedHashMap<K, Entry<V>> entries = new LinkedHashMap<>(64, 0.75f, true);
  private long weight;

  /// A cache of things that weigh `weightMax` at most together.
  public WeightedCache(long weightMax) {
    this.weightMax = weightMax;
  }

  /// What was kept for `key`.
  public synchronized Optional<V> get(K key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::value);
  }

  /// Keeps `value`, and drops what was not used for the longest time to make room for it.
  public synchronized void put(K key, V value, long itsWeight) {
    remove(key);
    if (itsWeight > weightMax) {
      return;
    }
    entries.put(key, new Entry<>(value, itsWeight));
    weight += itsWeight;
    while (weight > weightMax) {
      remove(entries.firstEntry().getKey());
    }
  }

  /// Drops what was kept for `key`, and returns it.
  public synchronized Optional<V> remove(K key) {
    Entry<V> entry = entries.remove(key);
    if (entry == null) {
      return Optional.empty();
    }
    weight -= entry.weight;
    return Optional.of(entry.value);
  }

  /// Drops the entries for which `isGone` is true.
  public synchronized void removeIf(Predicate<Map.Entry<K, V>> isGone) {
    entries
        .entrySet()
        .removeIf(entry -> {
          boolean isRemoved = isGone.test(Map.entry(entry.getKey(), entry.getValue().value));
          weight -= isRemoved ? entry.getValue().weight : 0;
          return isRemoved;
        });
  }

  /// How many things are kept.
  public synchronized int size() {
    return entries.size();
  }
}
