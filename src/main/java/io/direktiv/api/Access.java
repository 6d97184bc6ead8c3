package io.direktiv.api;

import io.direktiv.api.Api.Caller;

/// What a caller may touch; every door asks here before it calls [Api].
public final class Access {
  private Access() {}

  /// Refuses callers whose token opens another namespace.
  ///
  /// @throws ApiException of kind `FORBIDDEN`
  public static void requireNamespace(Caller caller, String namespace) {
    if (caller.namespace().isPresent() && !caller.namespace().get().equals(namespace)) {
      throw forbidden(
          "the token '"
              + caller.name()
              + "' opens only namespace '"
              + caller.namespace().get()
              + "'; use a token for '"
              + namespace
              + "'");
    }
  }

  /// Refuses callers whose token opens only one namespace: what they ask concerns the whole server.
  ///
  /// @throws ApiException of kind `FORBIDDEN`
  public static void requireServer(Caller caller) {
    if (caller.namespace().isPresent()) {
      throw forbidden(
          "the token '"
              + caller.name()
              + "' opens only namespace '"
              + caller.namespace().get()
              + "'; this needs a token for the whole server");
    }
  }

  private static ApiException forbidden(String message) {
    return new ApiException(ApiException.Kind.FORBIDDEN, "request_forbidden", message);
  }
}
