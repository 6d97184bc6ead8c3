package io.direktiv.client;

import static io.direktiv.client.Field.bool;
import static io.direktiv.client.Field.bytes;
import static io.direktiv.client.Field.int32;
import static io.direktiv.client.Field.map;
import static io.direktiv.client.Field.messages;
import static io.direktiv.client.Field.string;
import static io.direktiv.client.Field.strings;
import static io.direktiv.client.Field.time;

/// The methods of `ingress.DirektivIngress` that `direkcli` calls.
///
/// @see "src/main/protobuf/ingress"
public final class Ingress {
  private static final Shape OF_NAME = Shape.of(string(1, "name"));
  private static final Shape OF_UID = Shape.of(string(1, "uid"));
  private static final Shape OF_NAMESPACE = Shape.of(string(1, "namespace"));
  private static final Shape NAMED =
      Shape.of(string(1, "namespace"), string(2, "name"), bytes(3, "data"));
  private static final Shape PAGE =
      Shape.of(string(1, "namespace"), int32(2, "offset"), int32(3, "limit"));
  private static final Shape NAMESPACE = Shape.of(string(1, "name"), time(2, "createdAt"));
  private static final Shape CHANGED =
      Shape.of(
          string(1, "uid"),
          string(2, "id"),
          int32(3, "revision"),
          bool(4, "active"),
          time(5, "createdAt"));
  private static final Shape LISTED =
      Shape.of(
          string(1, "uid"),
          string(2, "id"),
          int32(3, "revision"),
          bool(4, "active"),
          time(5, "createdAt"),
          string(6, "description"),
          string(7, "logToEvents"));
  private static final Shape LOG =
      Shape.of(
          string(1, "id"),
          string(2, "level"),
          time(3, "timestamp"),
          string(4, "message"),
          map(5, "context"));

  /// Creates a namespace.
  public static final Method ADD_NAMESPACE = method("AddNamespace", OF_NAME, NAMESPACE);

  /// Deletes a namespace.
  public static final Method DELETE_NAMESPACE = method("DeleteNamespace", OF_NAME, OF_NAME);

  /// Lists namespaces.
  public static final Method GET_NAMESPACES =
      method(
          "GetNamespaces",
          Shape.of(int32(1, "offset"), int32(2, "limit")),
          Shape.of(messages(1, "namespaces", NAMESPACE), int32(2, "offset"), int32(3, "limit")));

  /// Creates a workflow.
  public static final Method ADD_WORKFLOW =
      method(
          "AddWorkflow",
          Shape.of(
              string(1, "namespace"),
              bool(2, "active"),
              bytes(3, "workflow"),
              string(4, "logToEvents")),
          CHANGED);

  /// Replaces or toggles a workflow.
  public static final Method UPDATE_WORKFLOW =
      method(
          "UpdateWorkflow",
          Shape.of(
              string(1, "uid"),
              int32(2, "revision"),
              bool(3, "active"),
              bytes(4, "workflow"),
              string(5, "logToEvents")),
          CHANGED);

  /// Deletes a workflow.
  public static final Method DELETE_WORKFLOW = method("DeleteWorkflow", OF_UID, OF_UID);

  /// Reads a workflow.
  public static final Method GET_WORKFLOW =
      method(
          "GetWorkflowById",
          Shape.of(string(1, "namespace"), string(2, "id")),
          Shape.of(
              string(1, "uid"),
              string(2, "id"),
              int32(3, "revision"),
              bool(4, "active"),
              time(5, "createdAt"),
              string(6, "description"),
              bytes(7, "workflow"),
              string(8, "logToEvents")));

  /// Lists workflows.
  public static final Method GET_WORKFLOWS =
      method(
          "GetWorkflows",
          PAGE,
          Shape.of(
              messages(1, "workflows", LISTED),
              int32(2, "offset"),
              int32(3, "limit"),
              int32(4, "total")));

  /// Starts an instance.
  public static final Method INVOKE_WORKFLOW =
      method(
          "InvokeWorkflow",
          Shape.of(string(1, "namespace"), string(2, "workflowId"), bytes(3, "input")),
          Shape.of(string(1, "instanceId")));

  /// Reads an instance.
  public static final Method GET_INSTANCE =
      method(
          "GetWorkflowInstance",
          Shape.of(string(1, "id")),
          Shape.of(
              string(1, "id"),
              string(2, "status"),
              string(3, "invokedBy"),
              int32(4, "revision"),
              time(5, "beginTime"),
              time(6, "endTime"),
              strings(7, "flow"),
              bytes(8, "input"),
              bytes(9, "output"),
              string(10, "errorCode"),
              string(11, "errorMessage")));

  /// Lists instances.
  public static final Method GET_INSTANCES =
      method(
          "GetWorkflowInstances",
          PAGE,
          Shape.of(
              messages(
                  1,
                  "workflowInstances",
                  Shape.of(string(1, "id"), string(2, "status"), time(4, "beginTime"))),
              int32(2, "offset"),
              int32(3, "limit")));

  /// Reads the log of an instance.
  public static final Method GET_LOGS =
      method(
          "GetWorkflowInstanceLogs",
          Shape.of(string(1, "instanceId"), int32(2, "offset"), int32(3, "limit")),
          Shape.of(
              messages(1, "workflowInstanceLogs", LOG), int32(2, "offset"), int32(3, "limit")));

  /// Sends an event.
  public static final Method BROADCAST_EVENT =
      method(
          "BroadcastEvent", Shape.of(string(1, "namespace"), bytes(2, "cloudevent")), Shape.EMPTY);

  /// Lists secrets.
  public static final Method GET_SECRETS =
      method(
          "GetSecrets",
          OF_NAMESPACE,
          Shape.of(messages(1, "secrets", Shape.of(string(1, "name")))));

  /// Creates a secret.
  public static final Method STORE_SECRET = method("StoreSecret", NAMED, Shape.EMPTY);

  /// Deletes a secret.
  public static final Method DELETE_SECRET =
      method("DeleteSecret", Shape.of(string(1, "namespace"), string(2, "name")), Shape.EMPTY);

  /// Lists registries.
  public static final Method GET_REGISTRIES =
      method(
          "GetRegistries",
          OF_NAMESPACE,
          Shape.of(messages(1, "registries", Shape.of(string(1, "name"), string(2, "id")))));

  /// Stores the credentials of a registry.
  public static final Method STORE_REGISTRY = method("StoreRegistry", NAMED, Shape.EMPTY);

  /// Deletes the credentials of a registry.
  public static final Method DELETE_REGISTRY =
      method("DeleteRegistry", Shape.of(string(1, "namespace"), string(2, "name")), Shape.EMPTY);

  private Ingress() {}

  private static Method method(String name, Shape request, Shape response) {
    return new Method("ingress.DirektivIngress/" + name, request, response);
  }
}
