package io.direktiv.telemetry;

/// The keys of operator logs.
public final class Keys {
  public static final String NAMESPACE = "namespace";
  public static final String WORKFLOW = "workflow";
  public static final String REVISION = "revision";
  public static final String INSTANCE = "instance";
  public static final String STATE = "state";
  public static final String ACTION = "action";
  public static final String EVENT = "event";
  public static final String FUNCTION = "function";
  public static final String ERROR = "error";
  public static final String DURATION = "durationMillis";

  private Keys() {}
}
