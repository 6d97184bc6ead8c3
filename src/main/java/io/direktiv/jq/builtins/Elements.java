package io.direktiv.jq.builtins;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The elements of an array that is being collected.
///
/// Many of them stand in chunks, so that room for more never means a copy of all: a copy of some
/// hundred MB is a pause in which no limit is looked at, and what makes a collector stop the world.
public final class Elements {
  private static final int CHUNK = 1 << 15;

  private final List<Json[]> full = new ArrayList<>(0);
  private Json[] chunk = new Json[8];
  private int size;

  /// Adds `element` at the end.
  public void add(Json element, Budget budget) {
    if (size == chunk.length) {
      grow(budget);
    }
    chunk[size++] = element;
    budget.step();
  }

  private void grow(Budget budget) {
    budget.size(16L * size());
    budget.made(16L * size);
    if (size < CHUNK) {
      chunk = Arrays.copyOf(chunk, 2 * size);
    } else {
      full.add(chunk);
      chunk = new Json[CHUNK];
      size = 0;
    }
  }

  private long size() {
    return (long) full.size() * CHUNK + size;
  }

  /// All of them; nothing is added any more.
  public JsonArray toJson() {
    if (full.isEmpty()) {
      return JsonArray.taking(chunk, size);
    }
    Json[] all = new Json[Math.toIntExact(size())];
    int at = 0;
    for (Json[] each : full) {
      System.arraycopy(each, 0, all, at, CHUNK);
      at += CHUNK;
    }
    System.arraycopy(chunk, 0, all, at, size);
    return JsonArray.taking(all, all.length);
  }

  /// Counts what is held.
  public void count(Sizes.Counter counter) {
    for (Json[] each : full) {
      count(each, CHUNK, counter);
    }
    count(chunk, size, counter);
  }

  private static void count(Json[] elements, int size, Sizes.Counter counter) {
    counter.plus(8L * elements.length);
    for (int i = 0; i < size; i++) {
      counter.add(elements[i]);
    }
  }
}
