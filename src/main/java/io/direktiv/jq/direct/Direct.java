package io.direktiv.jq.direct;

import io.direktiv.jq.QueryException;
import io.direktiv.jq.QueryLimits;
import io.direktiv.jq.builtins.Budget;
import io.direktiv.jq.syntax.Node;
import io.direktiv.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A query that is evaluated directly, as far as that goes.
public final class Direct {
  /// After so many evaluations that were given up the machine is asked at once.
  private static final int GIVEN_UP_MAX = 8;

  /// Never changed by what takes part of its input.
  private static final Run PLAIN = new Run(new Budget(QueryLimits.DEFAULT));

  private final Code body;
  private final int size;
  private final boolean isPlain;

  // Counted without a lock: a miss costs an attempt.
  private int givenUp;

  private Direct(Code body, int size) {
    this.body = body;
    this.size = size;
    this.isPlain = body.isPlain();
  }

  /// The translation of `program`; empty when there is none.
  ///
  /// @param prelude the builtins that are written in jq, by name and number of parameters
  public static Optional<Direct> of(Node.Program program, Map<String, Node.Function> prelude) {
    Translator translator = new Translator(prelude);
    Names.Unit unit = new Names.Unit(null);
    Names names = Names.variable(null, "*", unit);
    try {
      for (Node.Function function : program.functions()) {
        names = Names.function(names, function);
      }
      Code body = translator.code(program.body(), names, unit);
      boolean isShallow = body.depth <= Translator.DEPTH_MAX;
      return isShallow ? Optional.of(new Direct(body, unit.size)) : Optional.empty();
    } catch (Code.GivenUp _) {
      return Optional.empty();
    }
  }

  /// True when there is no more than one output.
  public boolean isSingle() {
    return !body.isMany();
  }

  /// All outputs over `input`; null when the machine has to evaluate the query, be it for an error
  /// whose place it knows.
  public List<Json> all(Json input, QueryLimits limits) {
    if (isPlain) {
      return taken(input);
    }
    return all(input, new Budget(limits));
  }

  /// What takes a part of the input is neither counted nor measured: it ends at once.
  private List<Json> taken(Json input) {
    try {
      return List.of(body.eval(PLAIN, null, input));
    } catch (QueryException _) {
      return null;
    }
  }

  private List<Json> all(Json input, Budget budget) {
    if (givenUp > GIVEN_UP_MAX) {
      return null;
    }
    Run run = new Run(budget);
    Code.Frame frame = new Code.Frame(null, size);
    try {
      if (!body.isMany()) {
        Json value = body.eval(run, frame, input);
        if (value == null) {
          return List.of();
        }
        budget.output(value);
        return List.of(value);
      }
      List<Json> outputs = new ArrayList<>();
      body.each(
          run,
          frame,
          input,
          value -> {
            budget.output(value);
            outputs.add(value);
            return true;
          });
      return outputs;
    } catch (Code.GivenUp _) {
      givenUp++;
      return null;
    } catch (QueryException | Code.Broken _) {
      return null;
    }
  }
}
