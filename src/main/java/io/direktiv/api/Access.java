package io.direktiv.api;

import io.direktiv.api.Api.Caller;

/// What a caller may touch; every door asks here before it calls [Api].
///
/// [#of] is the safest way to ask: it gives an API that checks by itself.
public final class Access {
  private Access() {}

  /// The API as `caller` may use it: a caller whose token opens one namespace is refused everywhere
  /// else, sees no other namespace in lists, and can neither create nor delete one.
  public static Api of(Api api, Caller caller) {
    return caller.namespace().isPresent() ? new NamespaceApi(api, caller) : api;
  }

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
