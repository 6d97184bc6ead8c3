package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.jq.QueryOptions.Grant;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a query may know besides its input, and what it may not unless it is granted.
class QueryHostTest {
  private static final QueryOptions ALL = QueryOptions.NONE.granting(Grant.values());

  /// A host with everything, which writes down what it is told.
  private static final class FakeHost implements QueryHost {
    private final Deque<Json> inputs = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();

    @Override
    public Optional<Json> input() {
      return Optional.ofNullable(inputs.poll());
    }

    @Override
    public JsonObject environment() {
      return JsonObject.of("PAGER", Json.of("less"));
    }

    @Override
    public Json variable(String name) {
      return Json.of("value of " + name);
    }

    @Override
    public void debug(Json message) {
      told.add(message.toString());
    }

    @Override
    public void stderr(Json value) {
      told.add("stderr " + value);
    }

    @Override
    public Json inputFilename() {
      return Json.of("a.json");
    }

    @Override
    public long inputLineNumber() {
      return 7;
    }
  }

  private final FakeHost host = new FakeHost();

  private String run(String query, QueryOptions options) throws QuerySyntaxException {
    List<String> found = new ArrayList<>();
    Query.compile(query, options)
        .outputs(Json.of(1), QueryLimits.DEFAULT, host)
        .forEachRemaining(output -> found.add(output.toString()));
    return String.join(" ", found);
  }

  @Test
  void readsInputsWhereTheyAreGranted() throws QuerySyntaxException {
    host.inputs.addAll(List.of(Json.of(2), Json.of(3), Json.of(4)));
    assertThat(run("., input, [inputs], (try input catch .)", ALL))
        .isEqualTo("1 2 [3,4] \"break\"");
  }

  @Test
  void refusesWhatIsNotGrantedAndSaysWhy() {
    for (String query : List.of("input", "inputs", "halt", "halt_error", "halt_error(1)")) {
      assertThatThrownBy(() -> Query.compile(query))
          .as(query)
          .isInstanceOf(QuerySyntaxException.class)
          .hasMessageContaining("is not defined; a query");
    }
  }

  @Test
  void aFunctionOfItsOwnMayHaveTheNameOfWhatIsNotGranted() throws QuerySyntaxException {
    assertThat(run("def inputs: 5; def halt_error(f): f; inputs, halt_error(6)", QueryOptions.NONE))
        .isEqualTo("5 6");
  }

  @Test
  void namesOnlyTheBuiltinsThatAreGranted() throws QuerySyntaxException {
    String query =
        "[builtins[] | select(. == (\"inputs/0\", \"halt/0\", \"halt_error/0\"))] | sort";
    assertThat(run(query, QueryOptions.NONE)).isEqualTo("[]");
    assertThat(run(query, ALL)).isEqualTo("[\"halt/0\",\"halt_error/0\",\"inputs/0\"]");
  }

  @Test
  void knowsTheEnvironmentAndTheVariablesOfItsHost() throws QuerySyntaxException {
    QueryOptions options = QueryOptions.NONE.withVariables("a", "b");
    assertThat(run("def f: $b; $a, f, (2 as $a | $a), $ENV.PAGER, env.PAGER", options))
        .isEqualTo("\"value of a\" \"value of b\" 2 \"less\" \"less\"");
    assertThatThrownBy(() -> Query.compile("$c", options))
        .hasMessageContaining("$c is not defined");
    assertThat(run("input_filename, input_line_number", options)).isEqualTo("\"a.json\" 7");
  }

  @Test
  void tellsItsHostMessages() throws QuerySyntaxException {
    assertThat(run("debug, debug(\"x\", .), stderr", QueryOptions.NONE)).isEqualTo("1 1 1");
    assertThat(host.told)
        .containsExactly("[\"DEBUG:\",1]", "[\"DEBUG:\",\"x\"]", "[\"DEBUG:\",1]", "stderr 1");
  }

  /// The second half is too deep for the host's stack, so that the query is evaluated anew.
  @Test
  void actsOnceThoughAnEvaluationIsGivenUp() throws QuerySyntaxException {
    String deep = "(def f: if . == 0 then 0 else (. - 1 | f) + 1 end; 5000 | f)";
    host.inputs.addAll(List.of(Json.of(2), Json.of(3), Json.of(4)));
    List<Json> outputs = new ArrayList<>();
    // when
    Query query = Query.compile("debug, stderr, input, " + deep + ", input", ALL);
    query.each(Json.of(1), QueryLimits.DEFAULT, host, outputs::add);
    // then
    assertThat(outputs).hasToString("[1, 1, 2, 5000, 3]");
    assertThat(host.told).containsExactly("[\"DEBUG:\",1]", "stderr 1");
    assertThat(host.inputs).containsExactly(Json.of(4));
    // when
    host.told.clear();
    assertThat(run(deep + " | debug | . + input", ALL)).isEqualTo("5004");
    // then
    assertThat(host.told).containsExactly("[\"DEBUG:\",5000]");
  }

  @Test
  void givesNothingWithoutAHost() throws QuerySyntaxException {
    assertThat(
            Query.compile("$ENV, env, input_filename, input_line_number, debug, stderr")
                .all(Json.of(1), QueryLimits.DEFAULT))
        .hasToString("[{}, {}, null, 0, 1, 1]");
  }

  @Test
  void haltsWhereThatIsGranted() {
    assertThatThrownBy(() -> run("try halt catch 1", ALL))
        .isInstanceOfSatisfying(
            QueryHaltException.class,
            e -> {
              assertThat(e.exitCode()).isZero();
              assertThat(e.value()).isEmpty();
            });
    assertThatThrownBy(() -> run("\"bye\\n\" | halt_error", ALL))
        .isInstanceOfSatisfying(
            QueryHaltException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(5);
              assertThat(e.value()).contains(Json.of("bye\n"));
            });
    assertThatThrownBy(() -> run("{} | halt_error(3)", ALL))
        .isInstanceOfSatisfying(
            QueryHaltException.class, e -> assertThat(e.exitCode()).isEqualTo(3));
    assertThatThrownBy(() -> run("halt_error(\"a\")", ALL))
        .isInstanceOf(QueryException.class)
        .hasMessage("number (1) halt_error/1: number required");
  }
}
