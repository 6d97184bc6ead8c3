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
import java.util.function.Supplier;

/// A compiled query. Immutable and safe to share between threads.
public final class Query {
  private final String text;
  private final Compiler.Program program;

  private Query(String text, Compiler.Program program) {
    this.text = text;
    this.program = program;
  }

  /// Compiles `text`, which is at most 1 MiB long; the empty text is `.`. It knows nothing but its
  /// input.
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
      throw QuerySyntaxException.of(
          text.substring(0, 80), new QuerySyntaxException.Problem(message, "", 0, -1, 0));
    }
    return new Query(text, Compiler.compile(text, options));
  }

  /// The text this was compiled from.
  public String text() {
    return text;
  }

  /// Evaluates this query over `input`, one output for each `next`. For one thread.
  ///
  /// The iterator throws [QueryException] when the query raises an error and [QueryLimitException]
  /// when a limit is exceeded or the thread is interrupted; the time counts from this call.
  public Iterator<Json> outputs(Json input, QueryLimits limits) {
    return outputs(input, limits, QueryHost.NONE);
  }

  /// The same, in `host`; throws [QueryHaltException] when the query ends itself.
  public Iterator<Json> outputs(Json input, QueryLimits limits, QueryHost host) {
    if (program.direct() != null && program.direct().isSingle()) {
      return later(() -> all(input, limits).iterator());
    }
    Budget budget = new Budget(limits);
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

  /// What `start` makes, which is made when it is first asked for anything.
  private static Iterator<Json> later(Supplier<Iterator<Json>> start) {
    return new Iterator<>() {
      private Iterator<Json> started;

      private Iterator<Json> started() {
        started = started == null ? start.get() : started;
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

  /// Evaluates this query over `input` and collects every output.
  ///
  /// @throws QueryException when the query raises an error
  /// @throws QueryLimitException when a limit is exceeded or the thread is interrupted
  public List<Json> all(Json input, QueryLimits limits) {
    Direct direct = program.direct();
    List<Json> outputs = direct == null ? null : direct.all(input, limits);
    return outputs != null ? outputs : plainly(input, limits);
  }

  /// What [#all] says, by the machine alone: the oracle of the faster ways.
  List<Json> plainly(Json input, QueryLimits limits) {
    List<Json> outputs = new ArrayList<>(1);
    Machine machine = program.over(input, new Budget(limits), QueryHost.NONE);
    for (Optional<Json> next = machine.output(); next.isPresent(); next = machine.output()) {
      outputs.add(next.get());
    }
    return outputs;
  }

  @Override
  public String toString() {
    return text;
  }
}
