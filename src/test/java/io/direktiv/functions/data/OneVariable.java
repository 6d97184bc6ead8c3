package io.direktiv.functions.data;

import io.direktiv.engine.Effect;
import io.direktiv.functions.FunctionVariables;
import io.direktiv.model.VariableScope;
import java.util.List;
import java.util.Optional;

/// Variables of which each has the same value.
record OneVariable(byte[] value) implements FunctionVariables {
  @Override
  public Optional<byte[]> read(VariableScope scope, String key) {
    return Optional.of(value);
  }

  @Override
  public boolean write(Effect.SetVariable variable) {
    throw new AssertionError("nothing is written");
  }

  @Override
  public void leave(List<Effect.SetVariable> variables) {
    throw new AssertionError("nothing is left");
  }
}
