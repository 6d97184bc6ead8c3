package io.direktiv.engine;

import io.direktiv.model.VariableScope;
import java.util.Optional;

/// What an instance can see around it, as it is when a step is decided.
public interface Variables {
  /// No variables at all.
  Variables NONE = (_, _) -> Optional.empty();

  /// The bytes of a variable; empty when there is none.
  Optional<byte[]> read(VariableScope scope, String key);

  /// The attribute `logToEvents` of the instance's workflow; when it is not empty, values of `log`
  /// are published as events too.
  default String logToEvents() {
    return "";
  }

  /// False while too many events of the namespace wait to be delivered; then none may be published.
  default boolean takesEvents() {
    return true;
  }
}
