package io.direktiv.engine;

import io.direktiv.jq.QueryLimits;
import java.time.Duration;
import java.util.Optional;

/// The limits within which the engine decides.
///
/// @param queryLimits what one jq evaluation may cost
/// @param dataBytesMax the largest state data, in bytes of JSON
/// @param historyBytesMax the largest data kept in one visit's history, in bytes of JSON; 0 keeps
///   none
/// @param statesPerStepMax states passed before the engine yields
/// @param statesMax states that one instance may enter in its life
/// @param subflowDepthMax the deepest nesting of subflows
/// @param concurrencyMax actions of one state that run at once
/// @param interruptAfter interrupts instances whose workflow says nothing about it
/// @param killAfter ends instances whose workflow says nothing about it
public record EngineSettings(
    QueryLimits queryLimits,
    long dataBytesMax,
    long historyBytesMax,
    int statesPerStepMax,
    int statesMax,
    int subflowDepthMax,
    int concurrencyMax,
    Optional<Duration> interruptAfter,
    Optional<Duration> killAfter) {
  /// 16 MiB of data, 64 KiB of history a visit, 1,000 states a step, 1,000,000 states in all, 32
  /// subflows deep, 64 actions, no timeouts.
  public static final EngineSettings DEFAULT =
      new EngineSettings(QueryLimits.DEFAULT, 16L << 20, 64L << 10, 1_000, 1_000_000, 32, 64);

  /// Limits without timeouts.
  public EngineSettings(
      QueryLimits queryLimits,
      long dataBytesMax,
      long historyBytesMax,
      int statesPerStepMax,
      int statesMax,
      int subflowDepthMax,
      int concurrencyMax) {
    this(
        queryLimits,
        dataBytesMax,
        historyBytesMax,
        statesPerStepMax,
        statesMax,
        subflowDepthMax,
        concurrencyMax,
        Optional.empty(),
        Optional.empty());
  }
}
