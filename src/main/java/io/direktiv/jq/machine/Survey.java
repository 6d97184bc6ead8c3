package io.direktiv.jq.machine;

import io.direktiv.jq.builtins.Sizes;
import io.direktiv.json.Json;
import java.util.ArrayDeque;
import java.util.Deque;

/// Adds up what a machine keeps alive: everything reachable from its registers.
///
/// The machine's own links carry the number of the last survey that saw them, so that what they
/// share is counted once without a set. Values are shared with other evaluations and cannot be
/// marked; [Sizes] counts them.
final class Survey {
  private static final int FORK_BYTES = 56;
  private static final int LINK_BYTES = 32;

  private final Machine machine;
  private final Deque<Object> open = new ArrayDeque<>();
  private int number;
  private long bytes;

  Survey(Machine machine) {
    this.machine = machine;
  }

  /// The estimated bytes that are alive; may stop counting above `max`.
  long livingBytes(long max) {
    Sizes.Counter values = Sizes.counter(max);
    long living = count(values, max);
    return living <= max ? living : count(Sizes.exactCounter(max), max);
  }

  private long count(Sizes.Counter values, long max) {
    number++;
    bytes = 0;
    open.clear();
    put(machine.value, machine.path, machine.stack, machine.frame, machine.returns);
    put(machine.extra);
    for (Machine.Fork fork : machine.forks) {
      bytes += FORK_BYTES;
      put(fork.value(), fork.path(), fork.stack(), fork.frame(), fork.returns());
      put(fork.extra());
      drain(values, max);
    }
    drain(values, max);
    return bytes + values.bytes();
  }

  private void put(Object... objects) {
    for (Object object : objects) {
      if (object != null) {
        open.push(object);
      }
    }
  }

  private void drain(Sizes.Counter values, long max) {
    while (!open.isEmpty() && bytes + values.bytes() <= max) {
      visit(open.pop(), values);
    }
  }

  private void visit(Object object, Sizes.Counter values) {
    switch (object) {
      case Json value -> values.add(value);
      case Machine.Cons cons when cons.survey != number -> {
        cons.survey = number;
        bytes += LINK_BYTES;
        put(cons.value(), cons.path(), cons.rest());
      }
      case Machine.Frame frame when frame.survey != number -> {
        frame.survey = number;
        bytes += LINK_BYTES + 4L * frame.slots.length;
        put(frame.parent);
        put(frame.slots);
      }
      case Machine.Return to when to.survey != number -> {
        to.survey = number;
        bytes += LINK_BYTES;
        put(to.frame, to.up);
      }
      case Path path when path.parent != null && path.survey != number -> {
        path.survey = number;
        bytes += LINK_BYTES;
        put(path.key, path.parent);
      }
      case Scope.Closure closure -> put(closure.frame());
      case Ops.Collector collector -> {
        bytes += 16L * collector.elements.size();
        collector.elements.forEach(values::add);
      }
      case Ops.Cursor cursor -> values.add(cursor.container);
      case Constructions.StringParts parts -> bytes += 2 * parts.length();
      default -> bytes += 16;
    }
  }
}
