package io.direktiv.client;

import static io.direktiv.client.Field.bool;
import static io.direktiv.client.Field.bytes;
import static io.direktiv.client.Field.enumeration;
import static io.direktiv.client.Field.int32;
import static io.direktiv.client.Field.int64;
import static io.direktiv.client.Field.message;
import static io.direktiv.client.Field.messages;
import static io.direktiv.client.Field.string;
import static io.direktiv.client.Field.time;

/// The methods of `direktiv.v1.Direktiv`.
///
/// @see "src/main/protobuf/direktiv"
public final class DirektivV1 {
  /// The number of an error among the severities of a diagnostic.
  public static final int SEVERITY_ERROR = 1;

  private static final Shape ENDING =
      Shape.of(
          string(1, "status"),
          time(2, "time"),
          bytes(3, "output"),
          string(4, "error_code"),
          string(5, "error_message"));

  /// Starts an instance.
  public static final Method EXECUTE_WORKFLOW =
      method(
          "ExecuteWorkflow",
          Shape.of(
              string(1, "namespace"),
              string(2, "workflow"),
              bytes(3, "input"),
              bool(4, "wait"),
              message(5, "wait_at_most", Shape.DURATION),
              string(6, "idempotency_key"),
              bool(7, "manual")),
          Shape.of(
              string(1, "instance_id"), bool(2, "repeated_start"), message(3, "ending", ENDING)));

  /// Streams the log of an instance and its ending.
  public static final Method FOLLOW_LOGS =
      method(
          "FollowLogs",
          Shape.of(string(1, "instance_id"), int32(2, "offset"), bool(3, "follow")),
          Shape.of(
              messages(
                  1,
                  "lines",
                  Shape.of(
                      int64(1, "number"),
                      time(2, "time"),
                      string(3, "level"),
                      string(4, "message"))),
              message(2, "ending", ENDING)));

  /// Cancels an instance.
  public static final Method CANCEL_INSTANCE =
      method(
          "CancelInstance",
          Shape.of(string(1, "instance_id"), string(2, "reason")),
          Shape.of(bool(1, "cancelled")));

  /// Checks a definition.
  public static final Method VALIDATE_WORKFLOW =
      method(
          "ValidateWorkflow",
          Shape.of(bytes(1, "workflow"), string(2, "file")),
          Shape.of(
              bool(1, "valid"),
              messages(
                  2,
                  "diagnostics",
                  Shape.of(
                      string(1, "file"),
                      int32(2, "line"),
                      int32(3, "column"),
                      enumeration(4, "severity"),
                      string(5, "message")))));

  private DirektivV1() {}

  private static Method method(String name, Shape request, Shape response) {
    return new Method("direktiv.v1.Direktiv/" + name, request, response);
  }
}
