package io.direktiv.engine;

import io.direktiv.json.Json;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventFilter;
import java.util.List;
import java.util.Optional;

/// What an instance waits for in its current state.
public sealed interface Activity {
  /// Nothing: it is to be run on, as after a start or a yield.
  record Ready() implements Activity {}

  /// The end of a `delay`.
  record Sleeping() implements Activity {}

  /// The end of a retry's delay; then the state is entered again.
  record Retrying() implements Activity {}

  /// Actions.
  ///
  /// They are started in order: of the record that is stored when they begin, and the outcomes that
  /// are stored beside it, one knows which were.
  ///
  /// @param branches one for each action in order
  /// @param running how many were started and have not answered
  /// @param finished how many have answered
  record Acting(Vector<Branch> branches, int running, int finished) implements Activity {
    /// Actions in any list.
    public Acting(List<Branch> branches, int running, int finished) {
      this(Vector.copyOf(branches), running, finished);
    }

    /// The same with another branch at `index`.
    public Acting with(int index, Branch branch, int runningNow, int finishedNow) {
      return new Acting(branches.with(index, branch), runningNow, finishedNow);
    }
  }

  /// One action of a state.
  ///
  /// @param data what its input is computed from; absent for the data of the state
  /// @param isStarted false while it waits for its turn
  /// @param outcome its answer, once there is one; stored beside the record, see `store`
  record Branch(Optional<Json> data, boolean isStarted, Optional<Outcome> outcome) {}

  /// Events.
  ///
  /// @param filters what it waits for, in the order of the definition, computed
  /// @param received the payload for each filter, where one has arrived
  /// @param actionResult what the action of a `callback` state returned
  record Listening(
      List<EventFilter> filters, List<Optional<CloudEvent>> received, Optional<Json> actionResult)
      implements Activity {
    public Listening {
      filters = List.copyOf(filters);
      received = List.copyOf(received);
    }
  }
}
