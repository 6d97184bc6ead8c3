package io.direktiv.golden;

import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Visit;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.VariableScope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where a case runs. After each call the world has come to rest: nothing happens until the clock
/// is moved, an event arrives, a function answers or somebody cancels.
interface World extends AutoCloseable {
  /// A start that was refused; the message is what the client reads.
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /// Everything that is known of one instance.
  ///
  /// @param timers when its timers are due
  record Seen(Instance instance, List<Visit> history, List<LogLine> logs, List<Instant> timers) {}

  /// Creates a workflow, or updates the one of its id.
  String put(String source, String logToEvents);

  void setActive(String workflow, boolean isActive);

  void putSecret(String name, String value);

  /// @param workflow whose variable it is, for scope workflow
  void putVariable(VariableScope scope, String workflow, String key, Json value);

  Optional<byte[]> variable(VariableScope scope, String workflow, String key);

  /// @throws Refused when the workflow cannot be started so
  InstanceId start(String workflow, Json input, boolean isManual);

  /// Moves the clock; what is due by then happens then.
  void advance(Duration duration);

  void publish(CloudEvent event);

  boolean cancel(InstanceId id, String reason);

  void answer(Mocks.Call call, Outcome outcome);

  Seen see(InstanceId id);

  /// The instances of a workflow, the first one first.
  List<InstanceId> instances(String workflow);

  /// All events of the namespace, the first one first.
  List<JsonObject> events();

  @Override
  void close();
}
