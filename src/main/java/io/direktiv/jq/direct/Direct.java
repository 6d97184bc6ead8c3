package io.direktiv.jq.direct;

import io.direktiv.jq.QueryException;
import io.direktiv.jq.QueryHost;
import io.direktiv.jq.QueryLimitException;
import io.direktiv.jq.QueryLimits;
import io.direktiv.jq.builtins.Budget;
import io.direktiv.jq.syntax.Node;
import io.direktiv.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A query that is evaluated directly, as far as that goes.
public final class Direct {
  /// The deepest [Code#depth] of a query without what recurs.
  private static final int DEPTH_MAX = 400;

  /// After so many evaluations that were given up the machine is asked at once.
  private static final int GIVEN_UP_MAX = 8;

  /// Never changed by what takes part of its input.
  private static final Run PLAIN = new Run(new Budget(QueryLimits.DEFAULT), 0);

  private static final Duration FEW_TIME = Duration.ofMillis(5);
  private static final long FEW_STEPS = 20_000;
  private static final long FEW_OUTPUTS = 1_000;

  private final Code body;
  private final int size;
  private final List<String> given;
  private final boolean isPlain;

  /// How often a thread's stack was too small, in all; zero on stacks of 256 KiB and more.
  static volatile int overflows;

  // Counted without a lock: a miss costs an attempt.
  private int givenUp;

  private Direct(Code body, int size, List<String> given) {
    this.body = body;
    this.size = size;
    this.given = List.copyOf(given);
    this.isPlain = body.isPlain();
  }

  /// The translation of `program`; empty when there is none.
  ///
  /// @param given the names of the variables that every evaluation is given
  /// @param prelude the builtins that are written in jq, by name and number of parameters
  public static Optional<Direct> of(
      Node.Program program, List<String> given, Map<String, Node.Function> prelude) {
    Translator translator = new Translator(prelude);
    Names.Unit unit = new Names.Unit(null);
    Names names = Names.variable(null, "*", unit);
    try {
      for (String name : given) {
        names = Names.variable(names, name, unit);
      }
      for (Node.Function function : program.functions()) {
        names = Names.function(names, function);
      }
      Code body = translator.code(program.body(), names, unit);
      boolean isShallow = body.eachDepth() <= DEPTH_MAX;
      return isShallow ? Optional.of(new Direct(body, unit.size, given)) : Optional.empty();
    } catch (Code.GivenUp _) {
      return Optional.empty();
    }
  }

  /// True when there is no more than one output.
  public boolean isSingle() {
    return !body.isMany();
  }

  /// Takes the outputs of an evaluation.
  public interface Outputs {
    /// Takes one.
    void accept(Json output);
  }

  /// All outputs over `input`; null when the machine has to evaluate the query, be it for an error
  /// whose place it knows.
  public List<Json> all(Json input, Budget budget, QueryHost host) {
    if (body.isMany()) {
      List<Json> outputs = new ArrayList<>();
      return each(input, budget, host, outputs::add) < 0 ? outputs : null;
    }
    return single(input, budget, host);
  }

  /// True when this takes a part of its input, which is neither counted nor measured: it ends at
  /// once.
  public boolean isPlain() {
    return isPlain;
  }

  /// What [#all] says of a query that [#isPlain], without a budget.
  public List<Json> taken(Json input) {
    try {
      return List.of(body.eval(PLAIN, null, input));
    } catch (QueryException _) {
      return null;
    } catch (StackOverflowError _) {
      return tooSmall();
    }
  }

  private List<Json> single(Json input, Budget budget, QueryHost host) {
    if (givenUp > GIVEN_UP_MAX) {
      return null;
    }
    try {
      Json value = body.eval(new Run(budget, body.eachDepth()), frame(host), input);
      if (value == null) {
        return List.of();
      }
      budget.output(value);
      return List.of(value);
    } catch (Code.GivenUp _) {
      givenUp++;
      return null;
    } catch (QueryException | Code.Broken _) {
      return null;
    } catch (StackOverflowError _) {
      return tooSmall();
    }
  }

  /// WHY: a thread with less than 256 KiB of stack, or one that had used most of it before it came
  /// here, may be too small though [Run] counts. SAFE BECAUSE: nothing of the evaluation is kept,
  /// and nothing that it calls acts on the world.
  private List<Json> tooSmall() {
    overflows++;
    givenUp++;
    return null;
  }

  private Code.Frame frame(QueryHost host) {
    Code.Frame frame = new Code.Frame(null, size);
    for (int i = 0; i < given.size(); i++) {
      frame.slots[i + 1] = host.variable(given.get(i));
    }
    return frame;
  }

  /// Gives the outputs to `out`, each when it is there.
  ///
  /// @return -1 when these were all, else how many there were before the machine has to evaluate
  ///   the query from the start
  public long each(Json input, Budget budget, QueryHost host, Outputs out) {
    if (givenUp > GIVEN_UP_MAX) {
      return 0;
    }
    long[] count = {0};
    boolean[] isOutside = {false};
    try {
      body.each(
          new Run(budget, body.eachDepth()),
          frame(host),
          input,
          value -> {
            budget.output(value);
            count[0]++;
            isOutside[0] = true;
            out.accept(value);
            isOutside[0] = false;
            return true;
          });
      return -1;
    } catch (Code.GivenUp _) {
      givenUp++;
      return count[0];
    } catch (QueryException | Code.Broken | StackOverflowError e) {
      if (isOutside[0]) {
        throw e;
      }
      if (e instanceof StackOverflowError) {
        tooSmall();
      }
      return count[0];
    }
  }

  /// The outputs of a short evaluation; null when it is longer, or the machine has to do it.
  public List<Json> few(Json input, QueryLimits limits, QueryHost host) {
    QueryLimits few =
        new QueryLimits(
            limits.time().compareTo(FEW_TIME) < 0 ? limits.time() : FEW_TIME,
            Math.min(limits.stepsMax(), FEW_STEPS),
            limits.bytesMax(),
            Math.min(limits.outputsMax(), FEW_OUTPUTS));
    try {
      return all(input, new Budget(few), host);
    } catch (QueryLimitException _) {
      return null;
    }
  }
}
