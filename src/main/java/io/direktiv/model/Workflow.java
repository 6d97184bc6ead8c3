package io.direktiv.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A workflow definition, valid by construction of its reader.
///
/// @param id the workflow's id, matching [Names#ID]
/// @param name the title, if any
/// @param description the description, at most 1024 bytes
/// @param version free text of the author
/// @param start how instances begin
/// @param timeouts when instances are interrupted and killed
/// @param functions the functions in document order, by id
/// @param states the states in document order, at least one, ids unique
public record Workflow(
    String id,
    Optional<String> name,
    Optional<String> description,
    Optional<String> version,
    Start start,
    Timeouts timeouts,
    Map<String, FunctionDefinition> functions,
    List<State> states) {
  public Workflow {
    functions = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(functions));
    states = List.copyOf(states);
  }

  /// The state that an instance enters first.
  public State firstState() {
    return start.state().flatMap(this::state).orElseGet(states::getFirst);
  }

  /// The state called `id`.
  public Optional<State> state(String id) {
    return states.stream().filter(state -> state.id().equals(id)).findFirst();
  }
}
