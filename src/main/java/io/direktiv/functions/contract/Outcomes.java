package io.direktiv.functions.contract;

import io.direktiv.engine.Codes;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.WorkflowError;
import io.direktiv.functions.Exit;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import java.util.Base64;
import java.util.Set;

/// What all contracts say in the same way of how calls end.
public final class Outcomes {
  private static final Set<String> CODES_OF_A_FULL_DISK =
      Set.of(Codes.FUNCTION_EXIT, Codes.FUNCTION_IO);

  private Outcomes() {}

  /// How messages name the function.
  public static String name(FunctionCall call) {
    return "function \"" + call.function().id() + "\" (image \"" + call.function().image() + "\")";
  }

  /// A failure that a workflow may catch.
  public static Outcome failed(String code, String message) {
    return new Outcome.Failed(Failure.catchable(code, message));
  }

  /// What the function itself reported: with a code it may be caught, without one it may not
  /// (reference 1.4).
  static Outcome reported(FunctionCall call, String code, String message) {
    return code.isEmpty()
        ? new Outcome.Failed(
            Failure.internal(name(call) + " reported an error without a code: " + message))
        : failed(code, message);
  }

  /// The end of a sandbox that was to go on, or to end with a result.
  public static Outcome ended(FunctionCall call, Exit exit, SandboxLimits limits) {
    return switch (exit) {
      case Exit.Exited(int code) -> exited(call, code);
      case Exit.Signalled(int signal) ->
          failed(Codes.FUNCTION_EXIT, name(call) + signalled(signal, limits));
      case Exit.OutOfMemory(long bytes) ->
          failed(
              Codes.FUNCTION_MEMORY,
              name(call)
                  + " is out of memory (limit "
                  + (bytes >> 20)
                  + " MiB); give it a larger size: small, medium or large");
      case Exit.TimedOut(var limit) ->
          failed(
              Codes.FUNCTION_TIMEOUT,
              name(call) + " was stopped because it ran longer than " + limit);
      case Exit.Stopped() -> failed(Codes.FUNCTION_EXIT, name(call) + " was stopped");
    };
  }

  /// `outcome`, with a word about the disk of the sandbox that ended so, when that may be why.
  public static Outcome onDisk(SandboxEnd end, SandboxLimits limits, Outcome outcome) {
    if (end.isDiskFull()
        && outcome instanceof Outcome.Failed(Failure(WorkflowError error, var _))
        && CODES_OF_A_FULL_DISK.contains(error.code())) {
      return failed(
          error.code(),
          error.message() + "; its disk was full (limit " + size(limits.diskBytes()) + ")");
    }
    return outcome;
  }

  static Outcome exited(FunctionCall call, int code) {
    return failed(
        Codes.FUNCTION_EXIT,
        name(call) + " ended with exit code " + code + "; the instance's log has its output");
  }

  private static String signalled(int signal, SandboxLimits limits) {
    String memory = " MiB is its limit; its log may tell why";
    return " was ended by signal "
        + signal
        + (signal == 9 ? ", perhaps for memory: " + (limits.memoryBytes() >> 20) + memory : "");
  }

  /// The value of `bytes` when they are JSON, else their Base64 as a string (reference 1.4).
  static Json jsonOrBase64(byte[] bytes) {
    try {
      return Json.parse(bytes);
    } catch (JsonException _) {
      return Json.of(Base64.getEncoder().encodeToString(bytes));
    }
  }

  static String size(long bytes) {
    return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
  }
}
