package io.direktiv.functions.contract;

import io.direktiv.engine.Codes;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.Attendant;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.Limits;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.reach.Inside;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The contract of v0.2 and later (reference 1.4), for one call: the function listens at port 8080
/// and gets its input as a `POST`; what it answers is the result, unless a header
/// `Direktiv-ErrorCode` or `Direktiv-ErrorMessage` says that it failed. The status does not count.
///
/// ```
///   sandbox runs ─▶ connects ─▶ POST ─▶ answer ─▶ sandbox is killed
///   cancel: DELETE ─▶ 10 s for the answer ─▶ the sandbox is stopped
/// ```
///
/// The sandbox serves this one call. Its end, for whatever reason, closes the connection, so a call
/// never waits for one that is gone.
public final class HttpContract implements Attendant {
  private static final int PORT = 8080;
  private static final int LOG_PORT = 8889;
  private static final int LOOK_MILLIS = 5;

  private final FunctionCall call;
  private final CallLog log;
  private final CompletableFuture<SandboxEnd> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> answered = new CompletableFuture<>();
  private final CompletableFuture<Inside> begun = new CompletableFuture<>();
  private volatile Inside inside = Inside.closed("it has not begun");

  public HttpContract(FunctionCall call, CallLog log) {
    this.call = call;
    this.log = log;
  }

  /// The sandbox of the call.
  public interface Serving {
    /// Runs it and blocks until it has ended.
    SandboxEnd run(Attendant attendant) throws SandboxException;

    /// Ends it without grace.
    void kill();
  }

  @Override
  public void line(OutputLine line) {
    log.line(line.isError(), line.text());
  }

  @Override
  public void begun(Inside way) {
    inside = way;
    try {
      LogDoor door = LogDoor.open(way.listen(LOG_PORT), call.id().toString(), log);
      ended.whenComplete((_, _) -> door.close());
    } catch (IOException e) {
      log.line(true, "port 8889, for the function's log, is not there: " + e.getMessage());
    }
    begun.complete(way);
  }

  /// Runs the sandbox, asks it, and ends it.
  public Outcome call(Serving serving, SandboxLimits limits) throws SandboxException {
    Thread.ofVirtual().name("serve-" + call.id()).start(() -> run(serving));
    try {
      CompletableFuture.anyOf(begun, ended).join();
      return asked(limits);
    } catch (CompletionException e) {
      if (e.getCause() instanceof SandboxException cause) {
        throw cause;
      }
      throw e;
    } finally {
      answered.complete(null);
      serving.kill();
      ended.handle((_, _) -> null).join();
    }
  }

  private void run(Serving serving) {
    try {
      ended.complete(serving.run(this));
    } catch (SandboxException | RuntimeException | Error e) {
      ended.completeExceptionally(e);
    }
  }

  private Outcome asked(SandboxLimits limits) {
    try (HttpConnection connection = connect()) {
      ended.whenComplete((_, _) -> connection.abort());
      Thread.ofVirtual().start(() -> post(connection));
      HttpConnection.Message head = connection.readAnswer();
      byte[] body = connection.readAnswerBody(head, Limits.RESULT_BYTES_MAX);
      return outcome(head, body);
    } catch (HttpConnection.TooLargeException _) {
      return Outcomes.failed(
          Codes.FUNCTION_OUTPUT,
          Outcomes.name(call)
              + " answered more than "
              + Outcomes.size(Limits.RESULT_BYTES_MAX)
              + ", which no result may have");
    } catch (TimeoutException _) {
      return Outcomes.failed(
          Codes.FUNCTION_TIMEOUT,
          Outcomes.name(call)
              + " did not listen at port 8080 within "
              + Limits.LISTEN_TIME.toSeconds()
              + " s; the contract http needs a server there, and for an image without one there"
              + " are the contracts files and stdio");
    } catch (IOException e) {
      return broken(e, limits);
    }
  }

  /// A function may answer before it has read its input, so what is wrong with writing is only told
  /// by what is read.
  private void post(HttpConnection connection) {
    try {
      connection.write(head("POST") + "Content-Type: application/json\r\n", call.input().toBytes());
    } catch (IOException _) {
      // Reading tells.
    }
  }

  private String head(String method) {
    return method
        + " / HTTP/1.1\r\nHost: localhost:8080\r\nDirektiv-ActionID: "
        + call.id()
        + "\r\nDirektiv-TempDir: "
        + Sandbox.DATA
        + "\r\n";
  }

  private HttpConnection connect() throws IOException, TimeoutException {
    long deadline = System.nanoTime() + Limits.LISTEN_TIME.toNanos();
    while (true) {
      try {
        SocketChannel channel = inside.connect(PORT);
        return new HttpConnection(channel);
      } catch (java.net.ConnectException e) {
        if (ended.isDone()) {
          throw new IOException("it ended before it listened at port 8080", e);
        }
        if (System.nanoTime() > deadline) {
          throw new TimeoutException();
        }
        pause();
      }
    }
  }

  private void pause() throws IOException {
    try {
      ended.handle((_, _) -> null).get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      // Time to look again.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// What became of a call without an answer: the end of its sandbox says more than the connection.
  private Outcome broken(IOException e, SandboxLimits limits) {
    try {
      SandboxEnd end = ended.get(Limits.END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return Outcomes.onDisk(end, limits, Outcomes.ended(call, end.exit(), limits));
    } catch (TimeoutException _) {
      return Outcomes.failed(
          Codes.FUNCTION_IO,
          Outcomes.name(call) + " gave no answer at port 8080: " + e.getMessage());
    } catch (ExecutionException failure) {
      throw new CompletionException(failure.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Outcomes.failed(Codes.FUNCTION_EXIT, Outcomes.name(call) + " was interrupted");
    }
  }

  private Outcome outcome(HttpConnection.Message head, byte[] body) {
    String code = head.header("direktiv-errorcode");
    String message = head.header("direktiv-errormessage");
    if (!message.isEmpty()) {
      log.line(true, message);
    }
    return code.isEmpty() && message.isEmpty()
        ? new Outcome.Returned(Outcomes.jsonOrBase64(body))
        : Outcomes.reported(call, code, message);
  }

  /// Asks the function to give up, and blocks until it has answered or had its time for it.
  public void cancel() {
    try (HttpConnection connection = new HttpConnection(inside.connect(PORT))) {
      connection.write(head("DELETE"), new byte[0]);
      CompletableFuture.anyOf(answered, ended.handle((_, _) -> null))
          .get(Limits.CANCEL_TIME.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException | TimeoutException | ExecutionException _) {
      // Then it is stopped.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
