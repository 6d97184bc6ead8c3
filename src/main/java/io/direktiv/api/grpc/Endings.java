package io.direktiv.api.grpc;

import io.direktiv.engine.Instance;
import io.direktiv.execution.Started;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// Answers calls that start an instance once it has ended, without holding a thread meanwhile.
final class Endings {
  /// More than any door allows.
  static final Duration AS_LONG_AS_ALLOWED = Duration.ofSeconds(Long.MAX_VALUE);

  private final Duration waitMax;
  private final Waiting waiting;
  private final Executor calls;

  Endings(Duration waitMax, Waiting waiting, Executor calls) {
    this.waitMax = waitMax;
    this.waiting = waiting;
    this.calls = calls;
  }

  /// Answers when what `start` starts has ended; without an ending after `atMost`, or after what
  /// the door allows when that is less.
  <A> void answer(
      StreamObserver<A> caller,
      Supplier<Started> start,
      Duration atMost,
      BiFunction<Started, Optional<Instance.Ending>, A> toAnswer) {
    ServerCallStreamObserver<A> call = (ServerCallStreamObserver<A>) caller;
    CompletableFuture<Void> cancelled = new CompletableFuture<>();
    call.setOnCancelHandler(() -> cancelled.complete(null));
    Duration wait = atMost.compareTo(waitMax) < 0 ? atMost : waitMax;
    Started started;
    CompletableFuture<Optional<Instance>> end;
    try {
      started = start.get();
      end = waiting.on(started.end(), wait);
    } catch (RuntimeException e) {
      caller.onError(Statuses.of(e));
      return;
    }
    cancelled.thenRun(() -> end.cancel(false));
    end.whenCompleteAsync(
        (instance, failure) ->
            Replies.answer(
                caller, () -> toAnswer.apply(started, ending(started, instance, failure))),
        calls);
  }

  private static Optional<Instance.Ending> ending(
      Started started, Optional<Instance> instance, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return switch (cause) {
      case null ->
          Optional.of(instance.flatMap(Instance::ending).orElseThrow(() -> deleted(started)));
      case TimeoutException _ -> Optional.empty();
      case CancellationException _ -> throw Status.CANCELLED.asRuntimeException();
      default -> throw Statuses.of(cause);
    };
  }

  private static RuntimeException deleted(Started started) {
    return Status.NOT_FOUND
        .withDescription("instance '" + started.id() + "' was deleted while it ran")
        .asRuntimeException();
  }
}
