package io.direktiv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Vectors, compared with lists.
final class VectorTest {
  @Test
  void holdsWhatAListHoldsAfterManyChanges() {
    Random random = new Random(1);
    for (int size : new int[] {1, 2, 31, 32, 33, 1_023, 1_024, 1_025, 40_000}) {
      List<Integer> list = new ArrayList<>(IntStream.range(0, size).boxed().toList());
      Vector<Integer> vector = Vector.copyOf(list);
      for (int i = 0; i < 500; i++) {
        int index = random.nextInt(size);
        list.set(index, -i);
        vector = vector.with(index, -i);
      }
      assertThat(vector).isEqualTo(list);
    }
  }

  @Test
  void neverChanges() {
    Vector<String> before = Vector.copyOf(List.of("a", "b"));

    Vector<String> after = before.with(1, "c");

    assertThat(before).containsExactly("a", "b");
    assertThat(after).containsExactly("a", "c");
    assertThat(Vector.copyOf(after)).isSameAs(after);
    assertThat(Vector.copyOf(List.of())).isEmpty();
    assertThatThrownBy(() -> after.get(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
