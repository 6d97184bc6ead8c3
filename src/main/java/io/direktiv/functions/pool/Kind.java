package io.direktiv.functions.pool;

import io.direktiv.functions.SandboxLimits;
import io.direktiv.model.FunctionDefinition;
import java.time.Duration;

/// What calls have in common that one server may answer: all of it but the image, which may change
/// behind its name.
///
/// @param limits without their time, which is a call's
record Kind(String namespace, String workflow, FunctionDefinition function, SandboxLimits limits) {
  Kind {
    limits = limits.withTime(Duration.ZERO);
  }

  /// True for the same function of the same workflow, as it was or will be.
  boolean isOf(String aNamespace, String aWorkflow) {
    return namespace.equals(aNamespace) && workflow.equals(aWorkflow);
  }
}
