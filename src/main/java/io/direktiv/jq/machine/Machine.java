package io.direktiv.jq.machine;

import io.direktiv.jq.Limits;
import io.direktiv.jq.QueryException;
import io.direktiv.jq.QueryHost;
import io.direktiv.jq.QueryLimitException;
import io.direktiv.jq.builtins.Budget;
import io.direktiv.json.Json;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs compiled operations.
///
/// A query is a graph of [Op]s, each of which knows what comes after it. The machine holds the
/// current value and what surrounds it in registers: the values put aside ([Cons]), the variables
/// ([Frame]), where to return to ([Return]). Everything they point to is immutable or owned by one
/// visit, so a point to come back to ([Fork]) is a copy of the registers. An operation that finds
/// nothing returns null, and the machine goes back to the newest fork. No part of a query's depth
/// is ever on the host's stack, so depth costs heap. [Survey] adds up what is reachable from the
/// registers whenever enough was made since the last time.
public final class Machine {
  /// A value put aside, and in path mode where it stands.
  static final class Cons {
    private final Object value;
    private final Path path;
    private final Cons rest;
    int survey;

    Cons(Object value, Path path, Cons rest) {
      this.value = value;
      this.path = path;
      this.rest = rest;
    }

    Object value() {
      return value;
    }

    Path path() {
      return path;
    }

    Cons rest() {
      return rest;
    }
  }

  /// Where a call returns to, and where in the query's text it stands.
  static final class Return {
    final Op op;
    final Frame frame;
    final Return up;
    final int depth;
    final int at;
    int survey;

    Return(Op op, Frame frame, Return up, int depth, int at) {
      this.op = op;
      this.at = at;
      this.frame = frame;
      this.up = up;
      this.depth = depth;
    }
  }

  /// The variables of one call.
  static final class Frame {
    final Frame parent;
    final Object[] slots;
    int survey;

    Frame(Frame parent, int size) {
      this.parent = parent;
      this.slots = new Object[size];
    }
  }

  /// What a fork is for.
  enum Purpose {
    /// Go on here when there is nothing more.
    CHOICE,
    /// Go on here when there is nothing more or an error.
    ATTEMPT,
    /// Errors from behind this point do not belong to the attempt it names.
    LEFT,
    /// A `break` of the label it names ends here.
    LABEL
  }

  record Fork(
      Purpose purpose,
      Op op,
      Object extra,
      Json value,
      Path path,
      Cons stack,
      Frame frame,
      Return returns) {}

  Json value;
  Path path;
  Cons stack;
  Frame frame;
  Return returns;
  Object extra;
  final Budget budget;
  final QueryHost host;
  final List<Fork> forks = new ArrayList<>();
  private Op next;

  Machine(Op start, Json input, Frame frame, Budget budget, QueryHost host) {
    this.next = start;
    this.value = input;
    this.frame = frame;
    this.budget = budget;
    this.host = host;
    budget.surveyWith(new Survey(this)::livingBytes);
  }

  /// The next output; empty when there are no more.
  public Optional<Json> output() {
    Op op = next;
    while (true) {
      try {
        while (op != null && op != Op.OUTPUT) {
          budget.step();
          op = op.run(this);
        }
        if (op == Op.OUTPUT) {
          budget.output(value);
          next = null;
          return Optional.of(value);
        }
        if (forks.isEmpty()) {
          return Optional.empty();
        }
        op = back();
      } catch (QueryException e) {
        op = unwind(e);
      } catch (BreakSignal signal) {
        op = unwind(signal);
      }
    }
  }

  private Op back() {
    Fork fork = forks.removeLast();
    if (fork.purpose == Purpose.LEFT || fork.purpose == Purpose.LABEL) {
      return null;
    }
    restore(fork);
    extra = fork.purpose == Purpose.ATTEMPT ? null : fork.extra;
    return fork.purpose == Purpose.ATTEMPT ? ((Attempt) fork.extra).exhausted() : fork.op;
  }

  private void restore(Fork fork) {
    value = fork.value;
    path = fork.path;
    stack = fork.stack;
    frame = fork.frame;
    returns = fork.returns;
  }

  /// What an attempt does in the end.
  record Attempt(Op handler, Op exhausted) {}

  private Op unwind(QueryException error) {
    Map<Object, Boolean> left = new IdentityHashMap<>();
    while (!forks.isEmpty()) {
      Fork fork = forks.removeLast();
      if (fork.purpose == Purpose.LEFT) {
        left.put(fork.extra, true);
      } else if (fork.purpose == Purpose.ATTEMPT && left.remove(fork.extra) == null) {
        restore(fork);
        extra = error;
        return ((Attempt) fork.extra).handler();
      }
    }
    throw located(error);
  }

  /// An error of a builtin is placed at the innermost call in the query's text.
  private QueryException located(QueryException error) {
    for (Return to = returns; to != null && error.offset() < 0; to = to.up) {
      error.at(to.at);
    }
    return error;
  }

  private Op unwind(BreakSignal signal) {
    while (!forks.isEmpty()) {
      Fork fork = forks.removeLast();
      if (fork.purpose == Purpose.LABEL && fork.extra == signal.label) {
        return null;
      }
    }
    throw new QueryException("break", Json.NULL);
  }

  /// Comes back to `op` with the present registers when there is nothing more.
  void fork(Op op) {
    fork(op, null);
  }

  /// Comes back to `op` with the present registers and `with` as the extra register.
  void fork(Op op, Object with) {
    push(new Fork(Purpose.CHOICE, op, with, value, path, stack, frame, returns));
  }

  void attempt(Attempt attempt) {
    push(new Fork(Purpose.ATTEMPT, null, attempt, value, path, stack, frame, returns));
  }

  void leave(Object attempt) {
    push(new Fork(Purpose.LEFT, null, attempt, null, null, null, null, null));
  }

  void label(Object label) {
    push(new Fork(Purpose.LABEL, null, label, null, null, null, null, null));
  }

  private void push(Fork fork) {
    if (forks.size() >= Limits.DEPTH_MAX) {
      throw new QueryLimitException(
          "the query keeps more than " + Limits.DEPTH_MAX + " points to come back to");
    }
    forks.add(fork);
  }

  void save() {
    stack = new Cons(value, path, stack);
  }

  void push(Object object) {
    stack = new Cons(object, null, stack);
  }

  Object pop() {
    Object top = stack.value();
    stack = stack.rest();
    return top;
  }

  /// The frame `up` functions out.
  Frame frame(int up) {
    Frame found = frame;
    for (int i = 0; i < up; i++) {
      found = found.parent;
    }
    return found;
  }

  void enter(Op then, Frame callee, int at) {
    if (then != Op.RETURN) {
      int depth = returns == null ? 1 : returns.depth + 1;
      if (depth > Limits.DEPTH_MAX) {
        throw new QueryLimitException("functions are nested deeper than " + Limits.DEPTH_MAX);
      }
      returns = new Return(then, frame, returns, depth, at);
    }
    frame = callee;
  }

  /// A `break` on its way to its label.
  static final class BreakSignal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Object label;

    BreakSignal(Object label) {
      super(null, null, false, false);
      this.label = label;
    }
  }
}
