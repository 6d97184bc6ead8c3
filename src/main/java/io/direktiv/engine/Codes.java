package io.direktiv.engine;

/// The error codes of the language (reference 1.3, settled.md).
public final class Codes {
  public static final String JQ_BAD_COMMAND = "direktiv.jq.badCommand";
  public static final String JQ_NOT_OBJECT = "direktiv.jq.notObject";
  public static final String JQ_LIMIT = "direktiv.jq.limit";
  public static final String MULTIPLE_ERRORS = "direktiv.workflow.multipleErrors";
  public static final String ALL_FAILED = "direktiv.parallel.allFailed";
  public static final String SUBFLOW_NOT_EXIST = "direktiv.subflow.notExist";
  public static final String SCHEMA_FAILED = "direktiv.schema.failed";
  public static final String SECRET_NOT_FOUND = "direktiv.secrets.notFound";
  public static final String DEPTH = "direktiv.limits.depth";
  public static final String STATES = "direktiv.limits.states";
  public static final String DATA_SIZE = "direktiv.limits.data";
  public static final String SUBFLOWS = "direktiv.limits.subflows";
  public static final String EVENTS = "direktiv.limits.events";
  public static final String CANCEL_API = "direktiv.cancels.api";
  public static final String CANCEL_PARENT = "direktiv.cancels.parent";
  public static final String TIMEOUT_SOFT = "direktiv.cancels.timeout.soft";
  public static final String TIMEOUT_HARD = "direktiv.cancels.timeout.hard";
  public static final String TIMEOUT = "direktiv.cancels.timeout";
  public static final String EVENT_JQ = "direktiv.event.jq";
  public static final String INVOKE = "direktiv.workflow.invoke";
  public static final String INTERNAL = "direktiv.internal.error";
  public static final String FUNCTION_IMAGE = "direktiv.function.image";
  public static final String FUNCTION_UNAVAILABLE = "direktiv.function.unavailable";
  public static final String FUNCTION_EXIT = "direktiv.function.exit";
  public static final String FUNCTION_MEMORY = "direktiv.function.memory";
  public static final String FUNCTION_TIMEOUT = "direktiv.function.timeout";
  public static final String FUNCTION_OUTPUT = "direktiv.function.output";
  public static final String FUNCTION_IO = "au.com.direktiv.error.io";

  private Codes() {}
}
