package io.direktiv.jq;

/// Makes long evaluations give way to others.
///
/// Whoever runs evaluations binds one to [#CURRENT]; the evaluating thread calls it every few
/// thousand steps. Time spent in it counts towards the time limit.
public interface Pacer {
  /// The pacer of what the current thread runs; where none is bound, nothing is paced.
  ScopedValue<Pacer> CURRENT = ScopedValue.newInstance();

  /// A pacer that never waits.
  Pacer NONE = _ -> {};

  /// Goes on at once, or waits for a turn.
  ///
  /// @param nanosLeft how long it may wait at most
  void pace(long nanosLeft);
}
