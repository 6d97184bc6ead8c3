package io.direktiv.functions;

import io.direktiv.engine.ActionId;
import io.direktiv.json.Json;
import io.direktiv.model.FunctionDefinition;
import java.time.Duration;
import java.util.Optional;

/// A call of a function.
///
/// @param id stable across retries after a crash
/// @param namespace whose registries and limits apply
/// @param input the evaluated input; may hold secrets, so it is never logged or stored
/// @param timeout the longest run; absent for the server's limit
/// @param variables what it may read and write
public record FunctionCall(
    ActionId id,
    String namespace,
    FunctionDefinition function,
    Json input,
    Optional<Duration> timeout,
    FunctionVariables variables) {
  @Override
  public String toString() {
    return "FunctionCall[" + id + ", " + function.id() + "]";
  }
}
