package io.direktiv.json;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/// A JSON object. Keys keep the order in which they were added.
///
/// The members lie side by side, or, once a large object was changed, in a [Hamt] that shares most
/// of itself with the object before the change.
public final class JsonObject implements Json, Iterable<Map.Entry<String, Json>> {
  /// The largest object that is copied for each change; a larger one is copied for the first one.
  private static final int COPIED_MAX = 24;

  private static final int SHARED_PER_CHANGE = 128;

  /// The object without members.
  public static final JsonObject EMPTY = new JsonObject(Members.NONE, false);

  private final int size;

  // Both are made when they are needed. A thread that does not see what another one made makes it
  // again: what they hold is the same.
  private Members flat;
  private Hamt map;
  private final boolean isChanged;

  /// What [Extent] remembers, 0 for nothing yet. Whoever writes it writes the same.
  long extent;

  private JsonObject(Members members, boolean isChanged) {
    this.size = members.keys.length;
    this.flat = members;
    this.isChanged = isChanged;
  }

  private JsonObject(Hamt map) {
    this.size = map.size();
    this.map = map;
    this.isChanged = true;
  }

  static JsonObject of(Members members) {
    return members.keys.length == 0 ? EMPTY : new JsonObject(members, false);
  }

  /// The object with `members` in their iteration order; they are copied.
  public static JsonObject of(Map<String, ? extends Json> members) {
    Builder builder = builder();
    members.forEach(builder::put);
    return builder.build();
  }

  /// The object with one member.
  public static JsonObject of(String key, Json value) {
    return of(new Members(new String[] {key}, new Json[] {value}));
  }

  /// The object of `keys`, which are different, and their `values`. The caller changes neither any
  /// more.
  public static JsonObject taking(String[] keys, Json[] values) {
    return of(new Members(keys, values));
  }

  /// A builder without members.
  public static Builder builder() {
    return new Builder(Members.NONE);
  }

  /// A builder with the members of this object.
  public Builder toBuilder() {
    Members members = members();
    return new Builder(new Members(members.keys.clone(), members.values.clone()));
  }

  private Members members() {
    Members members = flat;
    if (members == null) {
      members = Members.of(map.leaves());
      flat = members;
    }
    return members;
  }

  private Hamt map() {
    Hamt made = map;
    if (made == null) {
      made = Hamt.of(flat.keys, flat.values, size);
      map = made;
    }
    return made;
  }

  /// The number of members.
  public int size() {
    return size;
  }

  /// True when there are no members.
  public boolean isEmpty() {
    return size == 0;
  }

  /// The value of `key`, or null (Java's) when there is no such member.
  public Json get(String key) {
    Members members = flat;
    if (members == null) {
      return map.get(key);
    }
    int at = members.find(key);
    return at < 0 ? null : members.values[at];
  }

  /// True when there is a member `key`.
  public boolean has(String key) {
    return get(key) != null;
  }

  /// The keys in order.
  public Set<String> keys() {
    return toMap().keySet();
  }

  /// The key of the member at `index`, which counts from 0 in order.
  public String keyAt(int index) {
    return members().keys[index];
  }

  /// The value of the member at `index`, which counts from 0 in order.
  public Json valueAt(int index) {
    return members().values[index];
  }

  /// This object with `key` set to `value`; an existing key keeps its place. Costs O(log n).
  public JsonObject with(String key, Json value) {
    if (size > COPIED_MAX && isChanged) {
      return new JsonObject(map().with(key, value));
    }
    Members members = members();
    int at = members.find(key);
    if (at >= 0) {
      Json[] values = members.values.clone();
      values[at] = value;
      return new JsonObject(members.withValues(values), true);
    }
    String[] keys = Arrays.copyOf(members.keys, size + 1);
    Json[] values = Arrays.copyOf(members.values, size + 1);
    keys[size] = key;
    values[size] = value;
    return new JsonObject(new Members(keys, values), true);
  }

  /// How many members the next [#with] copies, about: all of them before there have been changes.
  public int copied() {
    return map != null ? Math.min(size, SHARED_PER_CHANGE) : size;
  }

  /// This object with its values replaced by `values`, which the caller does not change any more.
  public JsonObject withValues(Json[] values) {
    return of(members().withValues(values));
  }

  /// This object without `key`.
  public JsonObject without(String key) {
    if (!has(key)) {
      return this;
    }
    return toBuilder().remove(key).build();
  }

  /// The members as an unmodifiable map in order.
  public Map<String, Json> toMap() {
    return members().toMap();
  }

  @Override
  public Iterator<Map.Entry<String, Json>> iterator() {
    return members().iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonObject object && Equality.areEqual(this, object);
  }

  @Override
  public int hashCode() {
    return Equality.hash(this);
  }

  @Override
  public String toString() {
    return JsonWriter.compact(this);
  }

  /// Collects members. Not thread-safe.
  public static final class Builder {
    private final Members.Growing members;

    private Builder(Members members) {
      this.members = new Members.Growing(members);
    }

    /// Sets `key` to `value`; the last one wins and keeps the first one's place.
    public Builder put(String key, Json value) {
      members.put(key, java.util.Objects.requireNonNull(value));
      return this;
    }

    /// Sets `key` to the string `value`.
    public Builder put(String key, String value) {
      return put(key, Json.of(value));
    }

    /// Sets `key` to the integer `value`.
    public Builder put(String key, long value) {
      return put(key, Json.of(value));
    }

    /// Sets `key` to the boolean `value`.
    public Builder put(String key, boolean value) {
      return put(key, Json.of(value));
    }

    /// Takes `key` out again.
    public Builder remove(String key) {
      members.remove(key);
      return this;
    }

    /// The object with what was put so far.
    public JsonObject build() {
      return of(members.toMembers());
    }
  }
}
