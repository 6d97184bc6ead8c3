package io.direktiv.engine;

import io.direktiv.model.VariableScope;
import java.util.Optional;

/// The variables an instance can see, as they are when a step is decided.
public interface Variables {
  /// No variables at all.
  Variables NONE = (_, _) -> Optional.empty();

  /// The bytes of a variable; empty when there is none.
  Optional<byte[]> read(VariableScope scope, String key);
}
