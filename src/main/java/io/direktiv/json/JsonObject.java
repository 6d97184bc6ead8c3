package io.direktiv.json;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// A JSON object. Keys keep the order in which they were added.
public final class JsonObject implements Json, Iterable<Map.Entry<String, Json>> {
  /// The object without members.
  public static final JsonObject EMPTY = new JsonObject(Map.of());

  private final Map<String, Json> members;

  private JsonObject(Map<String, Json> members) {
    this.members = members;
  }

  /// The object with `members` in their iteration order; they are copied.
  public static JsonObject of(Map<String, ? extends Json> members) {
    return members.isEmpty()
        ? EMPTY
        : new JsonObject(Collections.unmodifiableMap(new LinkedHashMap<>(members)));
  }

  /// The object with one member.
  public static JsonObject of(String key, Json value) {
    return EMPTY.with(key, value);
  }

  /// A builder without members.
  public static Builder builder() {
    return new Builder();
  }

  /// A builder with the members of this object.
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.members.putAll(members);
    return builder;
  }

  /// The number of members.
  public int size() {
    return members.size();
  }

  /// True when there are no members.
  public boolean isEmpty() {
    return members.isEmpty();
  }

  /// The value of `key`, or null (Java's) when there is no such member.
  public Json get(String key) {
    return members.get(key);
  }

  /// True when there is a member `key`.
  public boolean has(String key) {
    return members.containsKey(key);
  }

  /// The keys in order.
  public Set<String> keys() {
    return members.keySet();
  }

  /// This object with `key` set to `value`; an existing key keeps its place.
  public JsonObject with(String key, Json value) {
    Map<String, Json> copy = new LinkedHashMap<>(members);
    copy.put(key, value);
    return of(copy);
  }

  /// This object without `key`.
  public JsonObject without(String key) {
    if (!members.containsKey(key)) {
      return this;
    }
    Map<String, Json> copy = new LinkedHashMap<>(members);
    copy.remove(key);
    return of(copy);
  }

  /// The members as an unmodifiable map in order.
  public Map<String, Json> toMap() {
    return members;
  }

  @Override
  public Iterator<Map.Entry<String, Json>> iterator() {
    return members.entrySet().iterator();
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
    private final Map<String, Json> members = new LinkedHashMap<>();

    private Builder() {}

    /// Sets `key` to `value`; the last one wins and keeps the first one's place.
    public Builder put(String key, Json value) {
      members.put(key, value);
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
      return of(members);
    }
  }
}
