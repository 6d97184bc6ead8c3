package io.direktiv.json;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/// A JSON array.
///
/// The elements lie in one Java array, or, once a large array was changed, in a [Trie] that shares
/// most of itself with the array before the change.
public final class JsonArray implements Json, Iterable<Json> {
  private static final Json[] NOTHING = {};

  /// The largest array that is copied for each change; a larger one is copied for the first one.
  private static final int COPIED_MAX = 64;

  private static final int SHARED_PER_CHANGE = 128;

  /// The array without elements.
  public static final JsonArray EMPTY = new JsonArray(NOTHING);

  private final int size;

  // Both are made when they are needed. A thread that does not see what another one made makes it
  // again: what they hold is the same.
  private Json[] flat;
  private Trie trie;
  private final boolean isChanged;

  /// What [Extent] remembers, 0 for nothing yet. Whoever writes it writes the same.
  long extent;

  private JsonArray(Json[] elements) {
    this(elements, false);
  }

  private JsonArray(Json[] elements, boolean isChanged) {
    this.size = elements.length;
    this.flat = elements;
    this.isChanged = isChanged;
  }

  private JsonArray(Trie trie) {
    this.size = trie.size();
    this.trie = trie;
    this.isChanged = true;
  }

  /// The array of `elements`, which are copied.
  public static JsonArray of(Collection<? extends Json> elements) {
    return elements.isEmpty() ? EMPTY : new JsonArray(elements.toArray(NOTHING));
  }

  /// The array of `elements`.
  public static JsonArray of(Json... elements) {
    return elements.length == 0 ? EMPTY : new JsonArray(elements.clone());
  }

  /// The array of the first `size` of `elements`, which the caller does not change any more.
  public static JsonArray taking(Json[] elements, int size) {
    return size == 0
        ? EMPTY
        : new JsonArray(elements.length == size ? elements : Arrays.copyOf(elements, size));
  }

  /// The number of elements.
  public int size() {
    return size;
  }

  /// True when there are no elements.
  public boolean isEmpty() {
    return size == 0;
  }

  /// The element at `index`.
  ///
  /// @throws IndexOutOfBoundsException unless `0 <= index < size()`
  public Json get(int index) {
    Json[] elements = flat;
    return elements != null ? elements[index] : trie.get(index);
  }

  private Json[] elements() {
    Json[] elements = flat;
    if (elements == null) {
      elements = trie.toArray();
      // What is in the array must be visible to whoever sees the array.
      java.lang.invoke.VarHandle.releaseFence();
      flat = elements;
    }
    return elements;
  }

  private Trie trie() {
    Trie made = trie;
    if (made == null) {
      made = Trie.of(flat);
      trie = made;
    }
    return made;
  }

  /// This array with `element` at its end. Costs O(log n).
  public JsonArray plus(Json element) {
    if (size > COPIED_MAX && isChanged) {
      return new JsonArray(trie().plus(element));
    }
    Json[] longer = Arrays.copyOf(elements(), size + 1);
    longer[size] = element;
    return new JsonArray(longer, true);
  }

  /// This array followed by `other`. Costs O(n), or O(log n) for each element of a short `other`.
  public JsonArray plusAll(JsonArray other) {
    if (isEmpty()) {
      return other;
    }
    if (other.isEmpty()) {
      return this;
    }
    if (size > COPIED_MAX && isChanged && other.size <= size >> 5) {
      Trie longer = trie();
      for (int i = 0; i < other.size; i++) {
        longer = longer.plus(other.get(i));
      }
      return new JsonArray(longer);
    }
    Json[] both = Arrays.copyOf(elements(), size + other.size);
    System.arraycopy(other.elements(), 0, both, size, other.size);
    return new JsonArray(both, true);
  }

  /// How many elements the next [#with] or [#plus] copies, about: all of them before there have
  /// been changes.
  public int copied() {
    return trie != null ? Math.min(size, SHARED_PER_CHANGE) : size;
  }

  /// This array with `element` in the place of the one at `index`. Costs O(log n).
  public JsonArray with(int index, Json element) {
    if (size > COPIED_MAX && isChanged) {
      return new JsonArray(trie().with(index, element));
    }
    Json[] copy = elements().clone();
    copy[index] = element;
    return new JsonArray(copy, true);
  }

  /// The elements from index `from` up to but without `to`.
  public JsonArray slice(int from, int to) {
    if (from == 0 && to == size) {
      return this;
    }
    return from >= to ? EMPTY : new JsonArray(Arrays.copyOfRange(elements(), from, to));
  }

  /// The elements as an unmodifiable list.
  public List<Json> toList() {
    return Collections.unmodifiableList(Arrays.asList(elements()));
  }

  /// The elements in a new Java array.
  public Json[] toArray() {
    return elements().clone();
  }

  @Override
  public Iterator<Json> iterator() {
    return toList().iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonArray array && Equality.areEqual(this, array);
  }

  @Override
  public int hashCode() {
    return Equality.hash(this);
  }

  @Override
  public String toString() {
    return JsonWriter.compact(this);
  }
}
