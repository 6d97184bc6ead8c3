package io.direktiv.json;

import java.util.Arrays;

/// The members of a large object that is being changed: a persistent hash map.
///
/// A tree of nodes of up to 32, chosen by five bits of a key's hash at each level; a bitmap says
/// which of the 32 are there. A change copies one node per level, all versions share the rest. Keys
/// of one hash share a [Clash]. Every [Leaf] knows when its key was added, for the order.
///
/// @see "Phil Bagwell, Ideal Hash Trees"
final class Hamt {
  private static final int BITS = 5;
  private static final int HASH_BITS = 32;
  private static final Node EMPTY = new Node(0, new Object[0]);

  private final Node root;
  private final int size;
  private final int added;

  private Hamt(Node root, int size, int added) {
    this.root = root;
    this.size = size;
    this.added = added;
  }

  private record Node(int bitmap, Object[] children) {}

  /// A member.
  record Leaf(String key, Json value, int order) {}

  private record Clash(Leaf[] leaves) {}

  static Hamt of(String[] keys, Json[] values, int size) {
    Hamt map = new Hamt(EMPTY, 0, 0);
    for (int i = 0; i < size; i++) {
      map = map.with(keys[i], values[i]);
    }
    return map;
  }

  int size() {
    return size;
  }

  Json get(String key) {
    Leaf leaf = leaf(key);
    return leaf == null ? null : leaf.value;
  }

  private Leaf leaf(String key) {
    int hash = key.hashCode();
    Node node = root;
    for (int shift = 0; ; shift += BITS) {
      int bit = 1 << (hash >>> shift);
      if ((node.bitmap & bit) == 0) {
        return null;
      }
      switch (node.children[Integer.bitCount(node.bitmap & bit - 1)]) {
        case Node inner -> node = inner;
        case Leaf leaf -> {
          return leaf.key.equals(key) ? leaf : null;
        }
        case Clash clash -> {
          return find(clash, key);
        }
        default -> throw new AssertionError();
      }
    }
  }

  private static Leaf find(Clash clash, String key) {
    for (Leaf leaf : clash.leaves) {
      if (leaf.key.equals(key)) {
        return leaf;
      }
    }
    return null;
  }

  Hamt with(String key, Json value) {
    Leaf present = leaf(key);
    Leaf leaf = new Leaf(key, value, present == null ? added : present.order);
    Node changed = put(root, 0, leaf);
    return present == null
        ? new Hamt(changed, size + 1, added + 1)
        : new Hamt(changed, size, added);
  }

  /// As deep as a hash has groups of five bits.
  private static Node put(Node node, int shift, Leaf leaf) {
    int bit = 1 << (leaf.key.hashCode() >>> shift);
    int at = Integer.bitCount(node.bitmap & bit - 1);
    if ((node.bitmap & bit) == 0) {
      Object[] more = new Object[node.children.length + 1];
      System.arraycopy(node.children, 0, more, 0, at);
      more[at] = leaf;
      System.arraycopy(node.children, at, more, at + 1, node.children.length - at);
      return new Node(node.bitmap | bit, more);
    }
    Object[] children = node.children.clone();
    children[at] =
        switch (children[at]) {
          case Node inner -> put(inner, shift + BITS, leaf);
          case Leaf other when other.key.equals(leaf.key) -> leaf;
          case Leaf other -> both(other, leaf, shift + BITS);
          case Clash clash -> put(clash, leaf);
          default -> throw new AssertionError();
        };
    return new Node(node.bitmap, children);
  }

  private static Object both(Leaf one, Leaf other, int shift) {
    if (shift >= HASH_BITS) {
      return new Clash(new Leaf[] {one, other});
    }
    Node node = new Node(1 << (one.key.hashCode() >>> shift), new Object[] {one});
    return put(node, shift, other);
  }

  private static Clash put(Clash clash, Leaf leaf) {
    for (int i = 0; i < clash.leaves.length; i++) {
      if (clash.leaves[i].key.equals(leaf.key)) {
        Leaf[] copy = clash.leaves.clone();
        copy[i] = leaf;
        return new Clash(copy);
      }
    }
    Leaf[] more = Arrays.copyOf(clash.leaves, clash.leaves.length + 1);
    more[clash.leaves.length] = leaf;
    return new Clash(more);
  }

  /// The members in the order in which their keys were added.
  Leaf[] leaves() {
    Leaf[] leaves = new Leaf[size];
    int end = collect(root, leaves, 0);
    assert end == size;
    Arrays.sort(leaves, (a, b) -> Integer.compare(a.order, b.order));
    return leaves;
  }

  private static int collect(Node node, Leaf[] into, int from) {
    int end = from;
    for (Object child : node.children) {
      switch (child) {
        case Node inner -> end = collect(inner, into, end);
        case Leaf leaf -> into[end++] = leaf;
        case Clash clash -> {
          System.arraycopy(clash.leaves, 0, into, end, clash.leaves.length);
          end += clash.leaves.length;
        }
        default -> throw new AssertionError();
      }
    }
    return end;
  }
}
