package io.direktiv.model;

import java.util.List;
import java.util.Optional;

/// What every kind of state has.
///
/// @param log value to write into the instance's log when the state is entered
/// @param transform makes the data that the next state gets
/// @param transition the next state; absent ends the instance
/// @param catchers tried in order when the state fails
/// @param retry tried before the catchers
public record StateBase(
    String id,
    Optional<Expression> log,
    Optional<Expression> transform,
    Optional<String> transition,
    List<Catcher> catchers,
    Optional<Retry> retry) {
  public StateBase {
    catchers = List.copyOf(catchers);
  }
}
