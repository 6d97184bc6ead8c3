package io.direktiv.engine;

/// An error with a code that a workflow may catch.
public record WorkflowError(String code, String message) {}
