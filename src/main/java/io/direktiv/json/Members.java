package io.direktiv.json;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/// The members of an object side by side: keys and values in order, with an index when there are
/// many. Immutable once it is in an object.
final class Members {
  /// Up to so many keys are compared one after the other.
  private static final int SCANNED_MAX = 12;

  static final Members NONE = new Members(new String[0], new Json[0]);

  final String[] keys;
  final Json[] values;
  private Index index;

  Members(String[] keys, Json[] values) {
    this.keys = keys;
    this.values = values;
  }

  /// These members with other values.
  Members withValues(Json[] others) {
    Members changed = new Members(keys, others);
    changed.index = index;
    return changed;
  }

  static Members of(Hamt.Leaf[] leaves) {
    String[] keys = new String[leaves.length];
    Json[] values = new Json[leaves.length];
    for (int i = 0; i < leaves.length; i++) {
      keys[i] = leaves[i].key();
      values[i] = leaves[i].value();
    }
    return new Members(keys, values);
  }

  /// Places by hash, 0 for none and else one more than the place; a place that is taken moves on.
  ///
  /// Whoever writes keys that all have one hash would make that slow, so where many crowd together
  /// a map of the JDK, which orders such keys, takes over.
  private record Index(int[] places, Map<String, Integer> crowded) {
    private static final int MOVES_MAX = 64;

    static Index of(String[] keys, int size) {
      int[] places = new int[Integer.highestOneBit(size * 2) * 2];
      for (int i = 0; i < size; i++) {
        if (!add(places, keys[i], i)) {
          return new Index(places, crowded(keys, size));
        }
      }
      return new Index(places, null);
    }

    private static Map<String, Integer> crowded(String[] keys, int size) {
      Map<String, Integer> map = new HashMap<>();
      for (int i = 0; i < size; i++) {
        map.put(keys[i], i);
      }
      return map;
    }

    int find(String[] keys, String key) {
      if (crowded != null) {
        return crowded.getOrDefault(key, -1);
      }
      int mask = places.length - 1;
      for (int at = spread(key) & mask; places[at] != 0; at = at + 1 & mask) {
        if (keys[places[at] - 1].equals(key)) {
          return places[at] - 1;
        }
      }
      return -1;
    }

    /// False when there is no room for `key`.
    boolean add(String key, int place) {
      if (crowded != null) {
        crowded.put(key, place);
        return true;
      }
      return add(places, key, place);
    }

    private static boolean add(int[] places, String key, int place) {
      int mask = places.length - 1;
      int at = spread(key) & mask;
      for (int moves = 0; moves < MOVES_MAX; moves++) {
        if (places[at] == 0) {
          places[at] = place + 1;
          return true;
        }
        at = at + 1 & mask;
      }
      return false;
    }

    private static int spread(String key) {
      int hash = key.hashCode() * 0x9E3779B9;
      return hash ^ hash >>> 16;
    }
  }

  /// The place of `key`; -1 when there is none.
  int find(String key) {
    if (keys.length > SCANNED_MAX) {
      Index found = index;
      if (found == null) {
        found = Index.of(keys, keys.length);
        index = found;
      }
      return found.find(keys, key);
    }
    return scan(keys, keys.length, key);
  }

  private static int scan(String[] keys, int size, String key) {
    for (int i = 0; i < size; i++) {
      String each = keys[i];
      if (each == key || each.equals(key)) {
        return i;
      }
    }
    return -1;
  }

  /// Members that are being put together.
  static final class Growing {
    private String[] keys;
    private Json[] values;
    private int size;
    private Index index;

    Growing(Members members) {
      keys = members.keys;
      values = members.values;
      size = keys.length;
    }

    private int find(String key) {
      if (size <= SCANNED_MAX) {
        return scan(keys, size, key);
      }
      if (index == null || index.crowded == null && index.places.length < 2 * size) {
        index = Index.of(keys, size);
      }
      return index.find(keys, key);
    }

    void put(String key, Json value) {
      int at = find(key);
      if (at >= 0) {
        values[at] = value;
        return;
      }
      if (size == keys.length) {
        keys = Arrays.copyOf(keys, Math.max(4, 2 * size));
        values = Arrays.copyOf(values, keys.length);
      }
      keys[size] = key;
      values[size] = value;
      if (index != null && !index.add(key, size)) {
        index = null;
      }
      size++;
    }

    void remove(String key) {
      int at = find(key);
      if (at >= 0) {
        System.arraycopy(keys, at + 1, keys, at, size - at - 1);
        System.arraycopy(values, at + 1, values, at, size - at - 1);
        size--;
        index = null;
      }
    }

    Members toMembers() {
      return new Members(Arrays.copyOf(keys, size), Arrays.copyOf(values, size));
    }

    /// Gives its arrays away: nothing may be put any more.
    Members close() {
      return size == keys.length ? new Members(keys, values) : toMembers();
    }
  }

  /// The members as an unmodifiable map.
  Map<String, Json> toMap() {
    return new View(this);
  }

  private static final class View extends AbstractMap<String, Json> {
    private final Members members;

    View(Members members) {
      this.members = members;
    }

    @Override
    public Json get(Object key) {
      int at = key instanceof String name ? members.find(name) : -1;
      return at < 0 ? null : members.values[at];
    }

    @Override
    public boolean containsKey(Object key) {
      return get(key) != null;
    }

    @Override
    public Set<Entry<String, Json>> entrySet() {
      return new AbstractSet<>() {
        @Override
        public Iterator<Entry<String, Json>> iterator() {
          return members.iterator();
        }

        @Override
        public int size() {
          return members.keys.length;
        }
      };
    }
  }

  Iterator<Map.Entry<String, Json>> iterator() {
    return new Iterator<>() {
      private int at;

      @Override
      public boolean hasNext() {
        return at < keys.length;
      }

      @Override
      public Map.Entry<String, Json> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Map.Entry<String, Json> entry = Map.entry(keys[at], values[at]);
        at++;
        return entry;
      }
    };
  }
}
