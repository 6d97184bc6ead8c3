package io.direktiv.functions.pool;

import io.direktiv.functions.Runtime;
import io.direktiv.functions.Sandbox;
import io.direktiv.model.FunctionDefinition;

/// A server that is wanted, by a call or by a workflow that keeps some ready.
///
/// @param runtime makes it
/// @param sandbox what it is; each server gets another id
/// @param image what the image's name means now
public record Wanted(
    String workflow, FunctionDefinition function, Runtime runtime, Sandbox sandbox, String image) {
  Kind kind() {
    return new Kind(sandbox.namespace(), workflow, function, sandbox.limits());
  }
}
