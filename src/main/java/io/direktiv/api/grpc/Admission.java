package io.direktiv.api.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Counts the calls under way and refuses one too many.
final class Admission implements ServerInterceptor {
  private final int callsMax;
  private int calls;

  Admission(int callsMax) {
    this.callsMax = callsMax;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!enter()) {
      call.close(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "more than " + callsMax + " calls are under way; try again later"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    try {
      return new Counted<>(next.startCall(call, headers));
    } catch (RuntimeException | Error e) {
      leave();
      throw e;
    }
  }

  /// Exactly one of the two endings is called for a call, and it counts once in any case.
  private final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
    private final AtomicBoolean isOver = new AtomicBoolean();

    Counted(ServerCall.Listener<Q> listener) {
      super(listener);
    }

    @Override
    public void onComplete() {
      over();
      super.onComplete();
    }

    @Override
    public void onCancel() {
      over();
      super.onCancel();
    }

    private void over() {
      if (isOver.compareAndSet(false, true)) {
        leave();
      }
    }
  }

  private synchronized boolean enter() {
    if (calls == callsMax) {
      return false;
    }
    calls++;
    notifyAll();
    return true;
  }

  private synchronized void leave() {
    calls--;
    notifyAll();
  }

  /// Waits at most so long until exactly `wanted` calls are under way.
  ///
  /// @return false when the time was over before
  synchronized boolean await(int wanted, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      while (calls != wanted) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        wait(Duration.ofNanos(left).toMillis() + 1);
      }
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
