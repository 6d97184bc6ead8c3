package io.direktiv.model;

import java.util.Optional;

/// What a state does about an error.
///
/// @param error glob of error codes
/// @param retry tries again before going on
/// @param transition the state to go to; absent ends the instance
public record Catcher(String error, Optional<Retry> retry, Optional<String> transition) {}
