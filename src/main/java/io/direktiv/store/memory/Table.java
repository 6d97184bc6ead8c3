package io.direktiv.store.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A sorted map that notes how to undo what was done to it, until the commit is through.
final class Table<K extends Comparable<K>, V> {
  private final TreeMap<K, V> rows = new TreeMap<>();
  private final ArrayDeque<Runnable> undo;

  Table(ArrayDeque<Runnable> undo) {
    this.undo = undo;
  }

  Optional<V> get(K key) {
    return Optional.ofNullable(rows.get(key));
  }

  boolean has(K key) {
    return rows.containsKey(key);
  }

  void put(K key, V value) {
    V before = rows.put(key, value);
    undo.push(() -> restore(key, before));
  }

  /// Removes a row; false when there was none.
  boolean remove(K key) {
    V before = rows.remove(key);
    if (before == null) {
      return false;
    }
    undo.push(() -> restore(key, before));
    return true;
  }

  void removeIf(Predicate<V> isGone) {
    List<K> keys = new ArrayList<>();
    rows.forEach((key, value) -> {
      if (isGone.test(value)) {
        keys.add(key);
      }
    });
    keys.forEach(this::remove);
  }

  private void restore(K key, V before) {
    if (before == null) {
      rows.remove(key);
    } else {
      rows.put(key, before);
    }
  }

  /// The rows in order of their keys.
  List<V> all() {
    return List.copyOf(rows.values());
  }

  /// The rows that fit, in order of their keys.
  List<V> where(Predicate<V> isWanted) {
    return rows.values().stream().filter(isWanted).toList();
  }

  /// The rows with keys after `key`, in order.
  Iterable<V> after(K key) {
    return rows.tailMap(key, false).values();
  }
}
