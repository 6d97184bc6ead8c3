package io.direktiv.functions;

import io.direktiv.engine.Effect;
import io.direktiv.model.VariableScope;
import java.util.List;
import java.util.Optional;

/// The variables that one call of a function may read and write. Safe for use by many threads.
public interface FunctionVariables {
  /// The largest variable that a function may write, in bytes.
  int BYTES_MAX = 16 << 20;

  /// None at all; what is written is lost.
  FunctionVariables NONE =
      new FunctionVariables() {
        @Override
        public Optional<byte[]> read(VariableScope scope, String key) {
          return Optional.empty();
        }

        @Override
        public boolean write(Effect.SetVariable variable) {
          return false;
        }

        @Override
        public void leave(List<Effect.SetVariable> variables) {
          // Nobody wants them.
        }
      };

  /// The bytes of a variable; empty when there is none.
  Optional<byte[]> read(VariableScope scope, String key);

  /// Writes a variable at once, whatever becomes of the call. It is on disk when this returns true.
  ///
  /// @return false when nobody wants the call any more, or it cannot be written now
  boolean write(Effect.SetVariable variable);

  /// Leaves variables to be written together with the result of the call, all or none; those of a
  /// call that fails are dropped.
  void leave(List<Effect.SetVariable> variables);
}
