package io.direktiv.api.grpc;

import io.direktiv.api.Access;
import io.direktiv.api.Api;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.Optional;

/// Finds out who calls, by the token in `authorization: Bearer …`, and hands the call the API as
/// far as its caller may use it.
final class Callers implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SCHEME = "Bearer ";

  /// WHY: static keys. SAFE BECAUSE: their values belong to one call, which is gRPC's own way to
  /// hand something from an interceptor to a method.
  private static final Context.Key<Api> API = Context.key("io.direktiv.api");

  private static final Context.Key<Runnable> ADMISSION = Context.key("io.direktiv.admission");

  private final Api api;

  Callers(Api api) {
    this.api = api;
  }

  /// The API as the caller of the current call may use it.
  static Api api() {
    return API.get();
  }

  /// Asks again whether the caller of the current call may come in; throws when its token was
  /// deleted or has expired. For calls that last longer than a token may.
  static Runnable admission() {
    return ADMISSION.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<String> token = token(headers);
    Api allowed;
    try {
      allowed = Access.of(api, api.authenticate(token));
    } catch (RuntimeException e) {
      StatusRuntimeException refusal = Statuses.of(e);
      call.close(refusal.getStatus(), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Runnable admission = () -> api.authenticate(token);
    Context context = Context.current().withValues(API, allowed, ADMISSION, admission);
    return Contexts.interceptCall(context, call, headers, next);
  }

  private static Optional<String> token(Metadata headers) {
    return Optional.ofNullable(headers.get(AUTHORIZATION))
        .filter(text -> text.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(text -> text.substring(SCHEME.length()).strip())
        .filter(token -> !token.isEmpty());
  }
}
