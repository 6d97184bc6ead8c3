package io.direktiv.json;

import java.util.Arrays;

/// The elements of a large array that is being changed: a persistent vector.
///
/// A tree of nodes of 32 with the last elements beside it, so that a change copies one node per
/// level and an append mostly the last few elements; all versions share the rest.
///
/// @see "Rich Hickey, PersistentVector in Clojure; Phil Bagwell, Ideal Hash Trees"
final class Trie {
  private static final int BITS = 5;
  private static final int WIDTH = 1 << BITS;
  private static final int MASK = WIDTH - 1;
  private static final Object[] EMPTY = {};

  private final int size;
  private final int shift;
  private final Object[] root;
  private final Json[] tail;

  private Trie(int size, int shift, Object[] root, Json[] tail) {
    this.size = size;
    this.shift = shift;
    this.root = root;
    this.tail = tail;
  }

  /// The trie of `elements`, which are copied.
  static Trie of(Json[] elements) {
    int tailStart = tailStart(elements.length);
    Trie trie = new Trie(0, BITS, EMPTY, new Json[0]);
    for (int i = 0; i < tailStart; i += WIDTH) {
      Object[] root = trie.grown(Arrays.copyOfRange(elements, i, i + WIDTH), i);
      boolean isFull = i >>> BITS >= 1 << trie.shift;
      trie = new Trie(i + WIDTH, isFull ? trie.shift + BITS : trie.shift, root, trie.tail);
    }
    Json[] tail = Arrays.copyOfRange(elements, tailStart, elements.length);
    return new Trie(elements.length, trie.shift, trie.root, tail);
  }

  private static int tailStart(int size) {
    return size == 0 ? 0 : (size - 1) & ~MASK;
  }

  int size() {
    return size;
  }

  Json get(int index) {
    return leaf(index)[index & MASK];
  }

  /// The node that holds the element at `index` at its place `index % 32`.
  Json[] leaf(int index) {
    if (index >= tailStart(size)) {
      return tail;
    }
    Object[] node = root;
    for (int level = shift; level > 0; level -= BITS) {
      node = (Object[]) node[index >>> level & MASK];
    }
    return (Json[]) node;
  }

  Trie with(int index, Json element) {
    if (index >= tailStart(size)) {
      Json[] copy = tail.clone();
      copy[index & MASK] = element;
      return new Trie(size, shift, root, copy);
    }
    Object[] top = root.clone();
    Object[] node = top;
    for (int level = shift; level > 0; level -= BITS) {
      int at = index >>> level & MASK;
      Object[] copy = ((Object[]) node[at]).clone();
      node[at] = copy;
      node = copy;
    }
    node[index & MASK] = element;
    return new Trie(size, shift, top, tail);
  }

  Trie plus(Json element) {
    int start = tailStart(size);
    if (size - start < WIDTH) {
      Json[] longer = Arrays.copyOf(tail, tail.length + 1);
      longer[tail.length] = element;
      return new Trie(size + 1, shift, root, longer);
    }
    boolean isFull = start >>> BITS >= 1 << shift;
    Object[] grown = grown(tail, start);
    return new Trie(size + 1, isFull ? shift + BITS : shift, grown, new Json[] {element});
  }

  /// The root with the full `leaf` at `index`, one level higher when the root is full.
  private Object[] grown(Json[] leaf, int index) {
    if (index >>> BITS >= 1 << shift) {
      Object[] top = {root, path(shift, leaf)};
      return top;
    }
    return inserted(root, shift, leaf, index);
  }

  private static Object[] path(int level, Json[] leaf) {
    Object[] node = leaf;
    for (int at = level; at > 0; at -= BITS) {
      node = new Object[] {node};
    }
    return node;
  }

  private static Object[] inserted(Object[] node, int level, Json[] leaf, int index) {
    int at = index >>> level & MASK;
    Object[] copy = Arrays.copyOf(node, Math.max(node.length, at + 1), Object[].class);
    if (level == BITS) {
      copy[at] = leaf;
    } else {
      copy[at] =
          at < node.length
              ? inserted((Object[]) node[at], level - BITS, leaf, index)
              : path(level - BITS, leaf);
    }
    return copy;
  }

  Json[] toArray() {
    Json[] elements = new Json[size];
    for (int i = 0; i < size; i += WIDTH) {
      Json[] leaf = leaf(i);
      System.arraycopy(leaf, 0, elements, i, Math.min(leaf.length, size - i));
    }
    return elements;
  }
}
