package io.direktiv.api.grpc;

import static io.direktiv.api.grpc.Replies.time;

import io.direktiv.api.Api;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.execution.Execution;
import io.direktiv.protocol.v1.FollowLogsResponse;
import io.direktiv.store.Page;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Sends the log of one instance to one caller, on a virtual thread of its own.
///
/// Lines are always read from the store by their number, never taken from a notification, so none
/// is lost or sent twice; notifications only say when to look. Should one be missed, it looks every
/// [#POLL] as well. It sends no more than its caller takes.
final class LogFollower implements Runnable, Execution.Watcher {
  /// What to send.
  ///
  /// @param offset how many lines to leave out
  /// @param follows goes on until the instance has ended
  /// @param admission throws when the caller's token was deleted or has expired
  record Request(InstanceId id, int offset, boolean follows, Runnable admission) {}

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration POLL_ENDING = Duration.ofSeconds(10);
  private static final int LINES_MAX = 100;
  private static final int PART_BYTES_MAX = 1 << 20;

  private final Api api;
  private final Request request;
  private final ServerCallStreamObserver<FollowLogsResponse> caller;
  private final Waiting waiting;
  private final Semaphore news = new Semaphore(0);
  private volatile boolean isStopping;
  private volatile boolean hasEnded;
  private volatile boolean isMaybeGone;
  private long sent;
  private long endingReadAt;

  private LogFollower(
      Api api,
      Request request,
      ServerCallStreamObserver<FollowLogsResponse> caller,
      Waiting waiting) {
    this.api = api;
    this.request = request;
    this.caller = caller;
    this.waiting = waiting;
    this.sent = request.offset();
  }

  /// Begins to send; must be called from within the call's method.
  static void start(
      Api api,
      Request request,
      ServerCallStreamObserver<FollowLogsResponse> caller,
      Waiting waiting) {
    LogFollower follower = new LogFollower(api, request, caller, waiting);
    caller.setOnReadyHandler(follower.news::release);
    caller.setOnCancelHandler(follower.news::release);
    Thread.ofVirtual().name("grpc-logs-" + request.id()).start(follower);
  }

  @Override
  public void run() {
    Runnable ender = this::stop;
    waiting.add(ender);
    try (Execution.Watch _ = api.watch(request.id().namespace(), this)) {
      send();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    } catch (RuntimeException e) {
      fail(e);
    } finally {
      waiting.remove(ender);
    }
  }

  @Override
  public void changed(Execution.Change change) {
    if (change.id().equals(request.id())) {
      if (change.status().isEnded()) {
        hasEnded = true;
      }
      news.release();
    }
  }

  @Override
  public void deleted() {
    isMaybeGone = true;
    news.release();
  }

  private void stop() {
    isStopping = true;
    news.release();
  }

  /// The ending is read before the lines: what is read after it includes the last line.
  private void send() throws InterruptedException {
    Optional<Instance.Ending> ending = ending();
    while (isOpen()) {
      if (ending.isEmpty() && isEndingDue()) {
        ending = ending();
      }
      List<LogLine> lines = api.logs(request.id(), page()).items();
      if (!lines.isEmpty()) {
        send(lines);
      } else if (ending.isPresent() || !request.follows()) {
        finish(ending);
        return;
      } else {
        awaitNews(POLL);
      }
    }
  }

  private Page page() {
    return new Page((int) Math.min(sent, Integer.MAX_VALUE), LINES_MAX);
  }

  private boolean isOpen() {
    if (isStopping) {
      throw Statuses.STOPPING.asRuntimeException();
    }
    return !caller.isCancelled();
  }

  private boolean isEndingDue() {
    return hasEnded || isMaybeGone || System.nanoTime() - endingReadAt > POLL_ENDING.toNanos();
  }

  private Optional<Instance.Ending> ending() {
    endingReadAt = System.nanoTime();
    isMaybeGone = false;
    return api.instance(request.id()).ending();
  }

  private void send(List<LogLine> lines) throws InterruptedException {
    FollowLogsResponse.Builder part = FollowLogsResponse.newBuilder();
    int bytes = 0;
    for (LogLine line : lines) {
      part.addLinesBuilder()
          .setNumber(sent++)
          .setTime(time(line.at()))
          .setLevel(line.level().word())
          .setMessage(line.message());
      bytes += line.message().length();
      if (bytes > PART_BYTES_MAX) {
        send(part);
        bytes = 0;
      }
    }
    send(part);
  }

  private void send(FollowLogsResponse.Builder part) throws InterruptedException {
    while (isOpen() && !caller.isReady()) {
      awaitNews(POLL_ENDING);
    }
    if (part.getLinesCount() > 0) {
      caller.onNext(part.build());
      part.clear();
    }
  }

  private void finish(Optional<Instance.Ending> ending) {
    ending.ifPresent(end ->
        caller.onNext(
            FollowLogsResponse.newBuilder().setEnding(DirektivService.ending(end)).build()));
    caller.onCompleted();
  }

  private void awaitNews(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    boolean isNews = false;
    for (long left = atMost.toNanos(); left > 0 && !isNews; left = end - System.nanoTime()) {
      isNews = news.tryAcquire(Math.min(left, POLL.toNanos()), TimeUnit.NANOSECONDS);
      request.admission().run();
    }
    news.drainPermits();
  }

  private void fail(Exception failure) {
    if (!caller.isCancelled()) {
      caller.onError(Statuses.of(failure));
    }
  }
}
