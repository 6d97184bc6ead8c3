package io.direktiv.jq.machine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// An operation in the making.
///
/// A compiler that calls itself for every part of a query needs the host's stack as deep as the
/// query is long: `1+1+…`, `.a.a.a…`. Here a part that needs another says so and waits on the heap.
sealed interface Build {
  /// An operation that is made.
  record Done(Op op) implements Build {}

  /// One that is yet to be begun.
  record Later(Supplier<Build> start) implements Build {}

  /// One that needs another first.
  record After(Build first, Function<Op, Build> rest) implements Build {}

  static Build done(Op op) {
    return new Done(op);
  }

  /// Goes on with `rest` when this is made.
  default Build then(Function<Op, Build> rest) {
    return new After(this, rest);
  }

  /// Makes `rest` of what this makes.
  default Build map(Function<Op, Op> rest) {
    return new After(this, op -> new Done(rest.apply(op)));
  }

  /// The builds of `parts` in order, each given what comes after it, from the last to the first.
  static <T> Build chain(List<T> parts, Op end, BiFunction<T, Op, Build> part) {
    Build build = done(end);
    for (T each : new ArrayList<>(parts).reversed()) {
      build = build.then(next -> part.apply(each, next));
    }
    return build;
  }

  /// Makes the operation.
  static Op run(Build build) {
    Deque<Function<Op, Build>> waiting = new ArrayDeque<>();
    Build at = build;
    while (true) {
      switch (at) {
        case Later(Supplier<Build> start) -> at = start.get();
        case After(Build first, Function<Op, Build> rest) -> {
          waiting.push(rest);
          at = first;
        }
        case Done(Op op) -> {
          if (waiting.isEmpty()) {
            return op;
          }
          at = waiting.pop().apply(op);
        }
      }
    }
  }
}
