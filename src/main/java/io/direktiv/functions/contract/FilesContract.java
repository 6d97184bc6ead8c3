package io.direktiv.functions.contract;

import io.direktiv.engine.Codes;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.Exit;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.Limits;
import io.direktiv.functions.OutputLines;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.data.GivenFile;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// The contract of v0.1: files in `/direktiv-data` (reference 1.4).
///
/// `data.in` holds the input, `action.id` the call's name. A file, since sandboxes that were made
/// ahead have their environment already. The function writes `data.out`, or `error.json` with
/// `errorCode` and `errorMessage`, which wins when it is not empty; and it may write `log.log` and
/// `error.log`.
public final class FilesContract {
  private static final String ACTION_ID = "action.id";
  private static final String RESULT = "data.out";
  private static final String ERROR = "error.json";
  private static final String LOG = "log.log";
  private static final String ERROR_LOG = "error.log";
  private static final String FOLDER = "a directory";
  private static final Map<String, Integer> FILES_OUT =
      Map.of(
          RESULT, Limits.RESULT_BYTES_MAX,
          ERROR, Limits.ERROR_BYTES_MAX,
          LOG, Limits.LOG_FILE_BYTES_MAX,
          ERROR_LOG, Limits.LOG_FILE_BYTES_MAX);

  private FilesContract() {}

  /// The files that a function finds.
  public static Map<String, GivenFile> filesIn(FunctionCall call) {
    return Map.of(
        "data.in",
        GivenFile.of(call.input().toBytes()),
        ACTION_ID,
        GivenFile.of(call.id().toString().getBytes(StandardCharsets.UTF_8)));
  }

  /// The files that it may leave, with their limits.
  public static Map<String, Integer> filesOut() {
    return FILES_OUT;
  }

  /// What became of `call`, from how its sandbox ended and what it left.
  public static Outcome outcome(
      FunctionCall call, SandboxEnd end, SandboxLimits limits, CallLog log) {
    logFile(end.files().get(LOG), LOG, false, log);
    logFile(end.files().get(ERROR_LOG), ERROR_LOG, true, log);
    return Outcomes.onDisk(end, limits, left(call, end, limits, log));
  }

  private static Outcome left(
      FunctionCall call, SandboxEnd end, SandboxLimits limits, CallLog log) {
    return switch (end.exit()) {
      case Exit.Exited(int code) -> left(call, end, code, log);
      case Exit.Signalled(int signal) when hasError(end) -> left(call, end, 128 + signal, log);
      case Exit.Signalled _, Exit.OutOfMemory _, Exit.TimedOut _, Exit.Stopped _ ->
          Outcomes.ended(call, end.exit(), limits);
    };
  }

  private static boolean hasError(SandboxEnd end) {
    return switch (end.files().get(ERROR)) {
      case null -> false;
      case SandboxFile.Content(byte[] bytes) -> bytes.length > 0;
      case SandboxFile.TooLarge _, SandboxFile.NotAFile _, SandboxFile.Archive _ -> true;
    };
  }

  private static Outcome left(FunctionCall call, SandboxEnd end, int code, CallLog log) {
    if (hasError(end)) {
      return error(call, end.files().get(ERROR), log);
    }
    if (code != 0) {
      return Outcomes.exited(call, code);
    }
    return switch (end.files().get(RESULT)) {
      case null ->
          Outcomes.failed(
              Codes.FUNCTION_IO,
              Outcomes.name(call)
                  + " ended without writing "
                  + path(RESULT)
                  + ", which holds its result");
      case SandboxFile.Content(byte[] bytes) -> new Outcome.Returned(Outcomes.jsonOrBase64(bytes));
      case SandboxFile.TooLarge(long limit) ->
          Outcomes.failed(
              Codes.FUNCTION_OUTPUT,
              Outcomes.name(call)
                  + " wrote more than "
                  + Outcomes.size(limit)
                  + " to "
                  + path(RESULT));
      case SandboxFile.NotAFile(String kind) -> unreadable(call, RESULT, kind);
      case SandboxFile.Archive _ -> unreadable(call, RESULT, FOLDER);
    };
  }

  private static Outcome error(FunctionCall call, SandboxFile file, CallLog log) {
    return switch (file) {
      case SandboxFile.Content(byte[] bytes) -> error(call, bytes, log);
      case SandboxFile.TooLarge(long limit) ->
          Outcomes.failed(
              Codes.FUNCTION_IO,
              Outcomes.name(call)
                  + " wrote more than "
                  + Outcomes.size(limit)
                  + " to "
                  + path(ERROR));
      case SandboxFile.NotAFile(String kind) -> unreadable(call, ERROR, kind);
      case SandboxFile.Archive _ -> unreadable(call, ERROR, FOLDER);
    };
  }

  private static Outcome error(FunctionCall call, byte[] bytes, CallLog log) {
    Optional<JsonObject> object = object(bytes);
    String code = object.map(error -> text(error, "errorCode")).orElse("");
    String message = object.map(error -> text(error, "errorMessage")).orElse("");
    if (!message.isEmpty()) {
      log.line(true, message);
    }
    if (!code.isEmpty() || !message.isEmpty()) {
      return Outcomes.reported(call, code, message);
    }
    return Outcomes.failed(
        Codes.FUNCTION_IO,
        Outcomes.name(call)
            + " wrote "
            + path(ERROR)
            + ", but it is no JSON object with the strings errorCode and errorMessage");
  }

  private static Optional<JsonObject> object(byte[] bytes) {
    try {
      return Json.parse(bytes) instanceof JsonObject object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonException _) {
      return Optional.empty();
    }
  }

  private static String text(JsonObject object, String key) {
    return object.get(key) instanceof JsonString(String text) ? text : "";
  }

  private static void logFile(SandboxFile file, String name, boolean isError, CallLog log) {
    switch (file) {
      case null -> {}
      case SandboxFile.Content(byte[] bytes) -> {
        OutputLines lines = new OutputLines(text -> log.line(isError, text));
        lines.write(bytes, 0, bytes.length);
        lines.flush();
      }
      case SandboxFile.TooLarge(long limit) ->
          log.line(
              true, path(name) + " has more than " + Outcomes.size(limit) + " and was left out");
      case SandboxFile.NotAFile(String kind) ->
          log.line(true, path(name) + " is " + kind + " and was left out");
      case SandboxFile.Archive _ ->
          log.line(true, path(name) + " is " + FOLDER + " and was left out");
    }
  }

  private static Outcome unreadable(FunctionCall call, String file, String kind) {
    return Outcomes.failed(
        Codes.FUNCTION_IO,
        Outcomes.name(call)
            + " left "
            + kind
            + " at "
            + path(file)
            + " where an ordinary file belongs");
  }

  private static String path(String file) {
    return Sandbox.DATA + "/" + file;
  }
}
