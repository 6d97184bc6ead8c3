package io.direktiv.engine;

import io.direktiv.jq.QueryLimits;

/// The limits within which the engine decides.
///
/// @param queryLimits what one jq evaluation may cost
/// @param dataBytesMax the largest state data, in bytes of JSON
/// @param historyBytesMax the largest data kept in one visit's history, in bytes of JSON; 0 keeps
///   none
/// @param statesPerStepMax states passed before the engine yields
/// @param subflowDepthMax the deepest nesting of subflows
/// @param concurrencyMax actions of one state that run at once
public record EngineSettings(
    QueryLimits queryLimits,
    long dataBytesMax,
    long historyBytesMax,
    int statesPerStepMax,
    int subflowDepthMax,
    int concurrencyMax) {
  /// 16 MiB of data, 64 KiB of history a visit, 1,000 states a step, 32 subflows deep, 64 actions.
  public static final EngineSettings DEFAULT =
      new EngineSettings(QueryLimits.DEFAULT, 16L << 20, 64L << 10, 1_000, 32, 64);
}
