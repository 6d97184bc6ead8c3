package io.direktiv.execution;

import io.direktiv.engine.logic.Engine;
import io.direktiv.functions.Functions;
import io.direktiv.jq.QueryLimits;
import io.direktiv.secrets.Vault;
import io.direktiv.store.Store;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What execution works with.
///
/// @param queryLimits what one evaluation of an action's input may cost
/// @param random draws instance ids
public record Collaborators(
    Store store,
    Engine engine,
    Functions functions,
    Vault vault,
    InstantSource clock,
    RandomGenerator random,
    QueryLimits queryLimits,
    ExecutionSettings settings) {}
