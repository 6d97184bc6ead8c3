package io.direktiv.engine;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/// A list of fixed length that never changes; [#with] returns one that differs in one element and
/// shares the rest. Both reading and changing take time with the logarithm of the length: it is a
/// tree whose nodes have 32 children, as Clojure's vectors are.
public final class Vector<T> extends AbstractList<T> implements RandomAccess {
  private static final int BITS = 5;
  private static final int WIDTH = 1 << BITS;

  private final Object[] root;
  private final int shift;
  private final int size;

  private Vector(Object[] root, int shift, int size) {
    this.root = root;
    this.shift = shift;
    this.size = size;
  }

  /// The elements of `list`; the same object when it is a vector already.
  public static <T> Vector<T> copyOf(List<T> list) {
    if (list instanceof Vector<T> vector) {
      return vector;
    }
    Object[] level = list.toArray();
    int shift = 0;
    while (level.length > WIDTH) {
      level = parents(level);
      shift += BITS;
    }
    return new Vector<>(level, shift, list.size());
  }

  private static Object[] parents(Object[] level) {
    Object[] parents = new Object[(level.length + WIDTH - 1) / WIDTH];
    for (int i = 0; i < parents.length; i++) {
      int from = i * WIDTH;
      Object[] node = new Object[Math.min(WIDTH, level.length - from)];
      System.arraycopy(level, from, node, 0, node.length);
      parents[i] = node;
    }
    return parents;
  }

  @Override
  @SuppressWarnings("unchecked") // SAFE BECAUSE: the leaves hold what copyOf and with were given.
  public T get(int index) {
    java.util.Objects.checkIndex(index, size);
    Object[] node = root;
    for (int s = shift; s > 0; s -= BITS) {
      node = (Object[]) node[index >> s & WIDTH - 1];
    }
    return (T) node[index & WIDTH - 1];
  }

  /// A vector with `value` at `index`.
  public Vector<T> with(int index, T value) {
    java.util.Objects.checkIndex(index, size);
    Object[] changed = root.clone();
    Object[] node = changed;
    for (int s = shift; s > 0; s -= BITS) {
      int child = index >> s & WIDTH - 1;
      Object[] copy = ((Object[]) node[child]).clone();
      node[child] = copy;
      node = copy;
    }
    node[index & WIDTH - 1] = value;
    return new Vector<>(changed, shift, size);
  }

  @Override
  public int size() {
    return size;
  }
}
