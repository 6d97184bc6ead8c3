package io.direktiv.functions;

import io.direktiv.engine.Effect;
import io.direktiv.model.VariableScope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Variables in memory, by `SCOPE key`, that a test sets and looks at.
public final class FakeVariables implements FunctionVariables {
  /// What can be read.
  public final Map<String, byte[]> values = new ConcurrentHashMap<>();

  /// What was left for the result.
  public final List<Effect.SetVariable> left = new CopyOnWriteArrayList<>();

  /// False while nothing can be written.
  public volatile boolean isWritable = true;

  @Override
  public Optional<byte[]> read(VariableScope scope, String key) {
    return Optional.ofNullable(values.get(scope + " " + key));
  }

  @Override
  public boolean write(Effect.SetVariable variable) {
    String name = variable.scope() + " " + variable.key();
    if (isWritable) {
      variable.value().ifPresentOrElse(v -> values.put(name, v), () -> values.remove(name));
    }
    return isWritable;
  }

  @Override
  public void leave(List<Effect.SetVariable> variables) {
    left.addAll(variables);
  }
}
