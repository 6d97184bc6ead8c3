package io.direktiv.local.jq;

import io.direktiv.engine.Codes;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.WorkflowError;
import io.direktiv.engine.expression.Expressions;
import io.direktiv.engine.expression.StateFailure;
import io.direktiv.jq.Nearest;
import io.direktiv.jq.Query;
import io.direktiv.jq.QueryException;
import io.direktiv.jq.QueryLimitException;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.texts.JsonTextException;
import io.direktiv.model.Diagnostic;
import io.direktiv.model.Expression;
import io.direktiv.model.Reading;
import io.direktiv.model.State;
import io.direktiv.model.Workflow;
import io.direktiv.model.WorkflowReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Evaluates a program, or the expressions of a state, as that state of a workflow would: with its
/// data, within the engine's limits, with the secrets of its actions and nothing else of the world.
final class StateView {

  private final JqOptions options;
  private final JqOptions.InState asked;
  private final Io io;
  private final Sink out;
  private final Sink err;
  private final Printer printer;
  private final Expressions expressions =
      new Expressions(EngineSettings.DEFAULT.queryLimits(), false);

  StateView(JqOptions options, Io io, Sink out, Sink err) {
    this.options = options;
    this.asked = options.workflow().orElseThrow();
    this.io = io;
    this.out = out;
    this.err = err;
    this.printer = new Printer(out, options.writing().style());
  }

  /// Runs and returns the exit code.
  int run() {
    State state = state(workflow());
    JsonObject secrets = secrets(state);
    Query query = null;
    if (options.program().isPresent()) {
      try {
        String text = options.program().get().text();
        query = Query.compile(text.isBlank() ? "." : text);
      } catch (QuerySyntaxException e) {
        err.line(Reports.of(e));
        return ExitCode.COMPILE;
      }
    }
    if (options.reading().isNull()) {
      return evaluate(query, state, JsonObject.EMPTY, secrets, "<unknown>");
    }
    List<String> files = options.files().isEmpty() ? List.of("-") : options.files();
    Source source = new Source(files, io.in(), err, out::flush);
    Inputs inputs = new Inputs(source, options.reading());
    int code = ExitCode.OK;
    try {
      for (Json input = inputs.next(); input != null; input = inputs.next()) {
        int one = evaluate(query, state, data(input), secrets, source.position());
        code = Math.max(code, one);
      }
    } catch (JsonTextException e) {
      out.flush();
      err.line("jq: parse error: " + e.getMessage());
      return ExitCode.ERROR;
    }
    return source.failures() > 0 ? ExitCode.SYSTEM : code;
  }

  private Workflow workflow() {
    try {
      Reading reading = WorkflowReader.read(Files.readAllBytes(asked.file()));
      if (reading.workflow().isPresent()) {
        return reading.workflow().get();
      }
      StringBuilder problems = new StringBuilder();
      for (Diagnostic problem : reading.diagnostics()) {
        problems
            .append(asked.file())
            .append(':')
            .append(problem.place().line())
            .append(':')
            .append(problem.place().column())
            .append(problem.isError() ? ": error: " : ": warning: ")
            .append(problem.message())
            .append('\n');
      }
      throw new Refusal(ExitCode.COMPILE, problems.toString().stripTrailing());
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.SYSTEM, "jq: Could not open " + asked.file() + ": " + Source.reason(e));
    }
  }

  private State state(Workflow workflow) {
    if (asked.state().isEmpty()) {
      return workflow.firstState();
    }
    String id = asked.state().get();
    List<String> ids = workflow.states().stream().map(State::id).toList();
    String guess =
        Nearest.to(id, ids)
            .map(near -> "did you mean \"" + near + "\"?")
            .orElse("its states are \"" + String.join("\", \"", ids) + "\"");
    String message = "jq: " + asked.file() + ": there is no state \"" + id + "\"; " + guess;
    return workflow.state(id).orElseThrow(() -> new Refusal(ExitCode.SYSTEM, message));
  }

  /// The secrets that the state's actions ask for, as far as they were given.
  private JsonObject secrets(State state) {
    TreeSet<String> wanted = new TreeSet<>();
    StateExpressions.actions(state).forEach(action -> wanted.addAll(action.secrets()));
    JsonObject.Builder secrets = JsonObject.builder();
    asked
        .secrets()
        .forEach((name, from) -> {
          if (!wanted.contains(name)) {
            String others = wanted.isEmpty() ? "none" : "\"" + String.join("\", \"", wanted) + "\"";
            throw new Refusal(
                ExitCode.SYSTEM,
                "jq: state \""
                    + state.id()
                    + "\" would not see the secret \""
                    + name
                    + "\": its actions ask for "
                    + others);
          }
          secrets.put(name, secret(name, from));
        });
    wanted.removeAll(asked.secrets().keySet());
    for (String name : wanted) {
      err.line(
          "jq: note: an action of state \""
              + state.id()
              + "\" also sees .secrets."
              + name
              + "; give it with --secret "
              + name
              + "=@FILE");
    }
    return secrets.build();
  }

  private String secret(String name, String from) {
    if (from.startsWith("ENV:")) {
      String value = io.environment().get(from.substring(4));
      if (value == null) {
        throw Refusal.usage(
            "jq: secret " + name + ": the variable " + from.substring(4) + " is not set");
      }
      return value;
    }
    if (!from.startsWith("@")) {
      throw Refusal.usage(
          "jq: secret " + name + ": write @FILE or ENV:VARIABLE; a value here would show in ps");
    }
    try {
      return Files.readString(Path.of(from.substring(1)), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw Refusal.usage(
          "jq: secret " + name + ": " + from.substring(1) + ": " + Source.reason(e));
    }
  }

  /// A state's data is an object, whatever an instance is started with.
  private static JsonObject data(Json input) {
    return input instanceof JsonObject object ? object : JsonObject.of("input", input);
  }

  private int evaluate(
      Query query, State state, JsonObject data, JsonObject secrets, String position) {
    JsonObject seen = secrets.isEmpty() ? data : data.with("secrets", secrets);
    if (query == null) {
      return overview(state, data, seen);
    }
    try {
      Iterator<Json> outputs = query.outputs(seen, expressions.limits());
      while (outputs.hasNext()) {
        write(outputs.next());
      }
      return ExitCode.OK;
    } catch (QueryException e) {
      return failed(position, Codes.JQ_BAD_COMMAND, e.getMessage());
    } catch (QueryLimitException e) {
      return failed(position, Codes.JQ_LIMIT, e.getMessage());
    }
  }

  private int failed(String position, String code, String message) {
    out.flush();
    err.line("jq: error (at " + position + "): " + message);
    err.line("In a workflow this raises " + code + ", which the state's catch can handle.");
    return ExitCode.ERROR;
  }

  private void write(Json value) {
    if (options.writing().isRaw() && value instanceof io.direktiv.json.JsonString string) {
      out.text(string.value());
    } else {
      printer.print(value);
    }
    out.put('\n');
  }

  /// What each of the state's own expressions comes to.
  private int overview(State state, JsonObject data, JsonObject seen) {
    Map<String, Json> values = new LinkedHashMap<>();
    boolean isWrong = false;
    for (Map.Entry<String, Expression> place : StateExpressions.of(state).entrySet()) {
      boolean isInput = place.getKey().endsWith("input");
      try {
        List<Json> outputs = expressions.all(place.getValue(), isInput ? seen : data);
        values.put(
            place.getKey(),
            outputs.size() == 1
                ? outputs.getFirst()
                : JsonObject.of("outputs", JsonArray.of(new ArrayList<>(outputs))));
      } catch (StateFailure e) {
        WorkflowError error = e.failure().error();
        values.put(
            place.getKey(),
            JsonObject.builder().put("code", error.code()).put("message", error.message()).build());
        isWrong = true;
      }
    }
    write(JsonObject.of(values));
    return isWrong ? ExitCode.ERROR : ExitCode.OK;
  }
}
