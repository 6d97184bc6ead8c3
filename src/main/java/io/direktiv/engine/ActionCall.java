package io.direktiv.engine;

import io.direktiv.json.Json;
import io.direktiv.model.Expression;
import io.direktiv.model.FunctionDefinition;
import java.util.List;
import java.util.Optional;

/// An action to perform. Holds the query of the input and its data, never a secret.
///
/// @param state the state that wants it
/// @param target the function's definition or the workflow's id
/// @param input the expression; absent for `data` itself
/// @param data what `input` is evaluated over, without secrets
/// @param secrets names of secrets to put under `.secrets`
/// @param isAsync true when nobody waits for the outcome
/// @param depth how many workflows stand above a started subflow
/// @param root the topmost of these
public record ActionCall(
    ActionId id,
    String state,
    Target target,
    Optional<Expression> input,
    Json data,
    List<String> secrets,
    boolean isAsync,
    int depth,
    InstanceId root) {
  public ActionCall {
    secrets = List.copyOf(secrets);
  }

  /// Who does the work.
  public sealed interface Target {
    /// A function.
    record Function(FunctionDefinition function) implements Target {}

    /// Another workflow of the namespace.
    record Subflow(String workflow) implements Target {}
  }
}
