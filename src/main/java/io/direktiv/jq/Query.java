package io.direktiv.jq;

import io.direktiv.jq.builtins.Budget;
import io.direktiv.jq.direct.Direct;
import io.direktiv.jq.machine.Compiler;
import io.direktiv.jq.machine.Machine;
import io.direktiv.json.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;

/// A compiled query. Immutable and safe to share between threads.
public final class Query {
  private final String text;
  private final Compiler.Program program;

  private Query(String text, Compiler.Program program) {
    this.text = text;
    this.program = program;
  }

  /// Compiles `text`, which is at most 1 MiB long. It knows nothing but its input.
  ///
  /// @throws QuerySyntaxException when `text` is not a query or names an unknown function
  public static Query compile(String text) throws QuerySyntaxException {
    return compile(text, QueryOptions.NONE);
  }

  /// The same, for a query that may know what `options` say.
  public static Query compile(String text, QueryOptions options) throws QuerySyntaxException {
    if (text.length() > Limits.QUERY_CHARS_MAX) {
      String message =
          "the query is longer than the limit of " + Limits.QUERY_CHARS_MAX + " characters";
      throw refusal(text, message);
    }
    return new Query(text, Compiler.compile(text, options));
  }

  private static QuerySyntaxException refusal(String text, String message) {
    String beginning = text.substring(0, Math.min(80, text.length()));
    return QuerySyntaxException.of(
        beginning, new QuerySyntaxException.Problem(message, "", 0, -1, 0));
  }

  /// The text this was compiled from.
  public String text() {
    return text;
  }

  /// What is allowed in the text and hardly meant: `=` where a condition stands.
  ///
  /// @param isCondition that this query itself is a condition
  public List<QuerySyntaxException.Problem> doubts(boolean isCondition) {
    return program.doubts(isCondition);
  }

  /// Evaluates this query over `input`, one output for each `next`. For one thread.
  ///
  /// The iterator throws [QueryException] when the query raises an error and [QueryLimitException]
  /// when a limit is exceeded or the thread is interrupted; the time counts from the first `next`.
  public Iterator<Json> outputs(Json input, QueryLimits limits) {
    return outputs(input, limits, QueryHost.NONE);
  }

  /// The same, in `host`; throws [QueryHaltException] when the query ends itself.
  public Iterator<Json> outputs(Json input, QueryLimits limits, QueryHost host) {
    return new Iterator<>() {
      private Iterator<Json> started;

      private Iterator<Json> started() {
        started = started == null ? start(input, limits, host) : started;
        return started;
      }

      @Override
      public boolean hasNext() {
        return started().hasNext();
      }

      @Override
      public Json next() {
        return started().next();
      }
    };
  }

  /// One output, and the outputs of a short evaluation, are made at once; more are made as they are
  /// asked for.
  private Iterator<Json> start(Json input, QueryLimits limits, QueryHost host) {
    Direct direct = program.direct();
    Budget budget = new Budget(limits);
    List<Json> outputs = null;
    if (direct != null) {
      outputs =
          direct.isSingle() ? direct.all(input, budget, host) : direct.few(input, limits, host);
    }
    return outputs != null ? outputs.iterator() : machine(input, budget.again(), host);
  }

  private Iterator<Json> machine(Json input, Budget budget, QueryHost host) {
    Machine machine = program.over(input, budget, host);
    return new Iterator<>() {
      private Optional<Json> ahead = Optional.empty();
      private boolean isLookedAt;

      @Override
      public boolean hasNext() {
        if (!isLookedAt) {
          ahead = machine.output();
          isLookedAt = true;
        }
        return ahead.isPresent();
      }

      @Override
      public Json next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        isLookedAt = false;
        return ahead.get();
      }
    };
  }

  /// Evaluates this query over `input` in `host` and gives every output to `out`, each when it is
  /// there: the fastest way to many.
  ///
  /// @throws QueryException when the query raises an error
  /// @throws QueryLimitException when a limit is exceeded or the thread is interrupted
  /// @throws QueryHaltException when the query ends itself
  public void each(Json input, QueryLimits limits, QueryHost host, Consumer<Json> out) {
    Direct direct = program.direct();
    Budget budget = new Budget(limits);
    long done = direct == null ? 0 : direct.each(input, budget, host, out::accept);
    if (done >= 0) {
      Iterator<Json> outputs = machine(input, budget.again(), host);
      for (long i = 0; outputs.hasNext(); i++) {
        Json output = outputs.next();
        if (i >= done) {
          out.accept(output);
        }
      }
    }
  }

  /// Evaluates this query over `input` and collects every output.
  ///
  /// @throws QueryException when the query raises an error
  /// @throws QueryLimitException when a limit is exceeded or the thread is interrupted
  public List<Json> all(Json input, QueryLimits limits) {
    Direct direct = program.direct();
    if (direct != null && direct.isPlain()) {
      List<Json> taken = direct.taken(input);
      return taken != null ? taken : plainly(input, limits);
    }
    Budget budget = new Budget(limits);
    List<Json> outputs = direct == null ? null : direct.all(input, budget, QueryHost.NONE);
    return outputs != null ? outputs : plainly(input, budget.again());
  }

  /// What [#all] says, by the machine alone: the oracle of the faster ways.
  List<Json> plainly(Json input, QueryLimits limits) {
    return plainly(input, new Budget(limits));
  }

  private List<Json> plainly(Json input, Budget budget) {
    List<Json> outputs = new ArrayList<>(1);
    machine(input, budget, QueryHost.NONE).forEachRemaining(outputs::add);
    return outputs;
  }

  @Override
  public String toString() {
    return text;
  }
}
