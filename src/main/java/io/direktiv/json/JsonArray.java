package io.direktiv.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/// A JSON array.
public final class JsonArray implements Json, Iterable<Json> {
  /// The array without elements.
  public static final JsonArray EMPTY = new JsonArray(List.of());

  private final List<Json> elements;

  private JsonArray(List<Json> elements) {
    this.elements = elements;
  }

  /// The array of `elements`, which are copied.
  public static JsonArray of(List<? extends Json> elements) {
    return elements.isEmpty() ? EMPTY : new JsonArray(List.copyOf(elements));
  }

  /// The array of `elements`.
  public static JsonArray of(Json... elements) {
    return of(List.of(elements));
  }

  /// The number of elements.
  public int size() {
    return elements.size();
  }

  /// True when there are no elements.
  public boolean isEmpty() {
    return elements.isEmpty();
  }

  /// The element at `index`.
  ///
  /// @throws IndexOutOfBoundsException unless `0 <= index < size()`
  public Json get(int index) {
    return elements.get(index);
  }

  /// This array with `element` at its end.
  public JsonArray plus(Json element) {
    List<Json> copy = new ArrayList<>(elements);
    copy.add(element);
    return of(copy);
  }

  /// This array followed by `other`.
  public JsonArray plusAll(JsonArray other) {
    if (isEmpty()) {
      return other;
    }
    if (other.isEmpty()) {
      return this;
    }
    List<Json> copy = new ArrayList<>(size() + other.size());
    copy.addAll(elements);
    copy.addAll(other.elements);
    return new JsonArray(Collections.unmodifiableList(copy));
  }

  /// This array with `element` in the place of the one at `index`.
  public JsonArray with(int index, Json element) {
    List<Json> copy = new ArrayList<>(elements);
    copy.set(index, element);
    return of(copy);
  }

  /// The elements as an unmodifiable list.
  public List<Json> toList() {
    return elements;
  }

  @Override
  public Iterator<Json> iterator() {
    return elements.iterator();
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
