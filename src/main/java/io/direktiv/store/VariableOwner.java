package io.direktiv.store;

import io.direktiv.engine.InstanceId;

/// Whose variable it is.
public sealed interface VariableOwner {
  /// The namespace in which the variable lives.
  String namespace();

  /// All workflows of a namespace share it.
  record OfNamespace(String namespace) implements VariableOwner {}

  /// All instances of a workflow share it.
  record OfWorkflow(String namespace, String uid) implements VariableOwner {}

  /// One instance has it; it ends with the instance.
  record OfInstance(InstanceId instance) implements VariableOwner {
    @Override
    public String namespace() {
      return instance.namespace();
    }
  }
}
