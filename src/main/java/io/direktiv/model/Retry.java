package io.direktiv.model;

import java.util.List;
import java.util.Optional;

/// How often and when to try again.
///
/// The first retry waits `delay`, the n-th `delay * multiplier^(n-1)`, at most `maxDelay`.
///
/// @param maxAttempts runs in all, at least 1
/// @param delay default one second
/// @param multiplier default 1
/// @param maxDelay absent for no bound
/// @param jitter part of the delay, 0 to 1, that is drawn at random
/// @param codes globs of error codes to retry; empty for all
/// @param giveUpCode code and message of the error that replaces the last one (`throw`)
public record Retry(
    int maxAttempts,
    IsoDuration delay,
    double multiplier,
    Optional<IsoDuration> maxDelay,
    double jitter,
    List<String> codes,
    Optional<String> giveUpCode) {
  public Retry {
    codes = List.copyOf(codes);
  }
}
