package io.direktiv.functions.contract;

import io.direktiv.engine.Codes;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.Exit;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.Limits;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.data.CallFolder;
import io.direktiv.functions.data.GivenFile;
import io.direktiv.functions.data.LeftVariables;
import io.direktiv.functions.reach.Inside;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
///   sandbox runs ─▶ connects ─▶ POST ─▶ answer
///   cancel: DELETE ─▶ 10 s for the answer ─▶ given up
/// ```
///
/// The end of the sandbox, for whatever reason, closes the connection, so a call never waits for
/// one that is gone. Whoever owns the sandbox ends it, and asks [#isAsked] and [#isGivenUp] whether
/// the function may still be at work on the call.
public final class HttpContract {
  private static final int LOOK_MILLIS = 5;

  private final FunctionCall call;
  private final Map<String, GivenFile> files;
  private final CallLog log;
  private final SandboxLimits limits;
  private final Times times;
  private final CompletableFuture<Exit> givenUp;
  private final CompletableFuture<Void> answered = new CompletableFuture<>();
  private volatile boolean isAsked;
  private volatile Map<String, SandboxFile> left = Map.of();
  private volatile boolean hasLostProcess;
  private volatile Inside inside = Inside.closed("it has not begun");

  /// How long a function may take for what is no work.
  ///
  /// @param listen until it listens
  /// @param cancel to answer after it was cancelled
  public record Times(Duration listen, Duration cancel) {
    /// Those of [Limits].
    public static final Times STANDARD = new Times(Limits.LISTEN_TIME, Limits.CANCEL_TIME);
  }

  /// A sandbox in which a function listens.
  public interface Served {
    /// Completes with the way into it once it is made.
    CompletableFuture<Inside> begun();

    /// Completes with its end, or with the [SandboxException] why there was none.
    CompletableFuture<SandboxEnd> ended();
  }

  /// A call whose time begins now.
  ///
  /// @param files what the function finds in its folder
  public HttpContract(
      FunctionCall call,
      Map<String, GivenFile> files,
      CallLog log,
      SandboxLimits limits,
      Times times) {
    this.call = call;
    this.files = files;
    this.log = log;
    this.limits = limits;
    this.times = times;
    this.givenUp =
        new CompletableFuture<Exit>()
            .completeOnTimeout(
                new Exit.TimedOut(limits.time()), limits.time().toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Asks the function.
  ///
  /// @param mayBeGone true when the sandbox has served others, so that its end or its silence
  ///   before the function was asked says nothing of this call
  /// @return empty when that was so: another sandbox may be asked
  public Optional<Outcome> ask(Served served, boolean mayBeGone) throws SandboxException {
    try {
      return asked(served, mayBeGone);
    } catch (CompletionException e) {
      if (e.getCause() instanceof SandboxException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private Optional<Outcome> asked(Served served, boolean mayBeGone) {
    try {
      CompletableFuture.anyOf(served.begun(), served.ended(), givenUp).join();
      if (served.begun().isDone()) {
        inside = served.begun().join();
      }
      Optional<HttpConnection> connection = connection(served, mayBeGone);
      isAsked = connection.isPresent();
      return connection.isEmpty()
          ? Optional.empty()
          : Optional.of(exchanged(connection.get(), served));
    } catch (TimeoutException _) {
      return Optional.of(silent());
    } catch (IOException e) {
      return Optional.of(broken(e, served));
    }
  }

  /// What the function left in its folder; nothing when it failed.
  public Map<String, SandboxFile> left() {
    return left;
  }

  /// The call is over, however it went: nothing of it is waited for any more.
  public void end() {
    answered.complete(null);
    givenUp.cancel(false);
  }

  /// True when the call was given up: the function, if it was asked, may still be at work on it.
  public boolean isGivenUp() {
    return givenUp.isDone() && !givenUp.isCancelled();
  }

  /// True when the call had no answer since the sandbox lost a process, though not its first one.
  public boolean hasLostProcess() {
    return hasLostProcess;
  }

  /// True when a function took the call.
  public boolean isAsked() {
    return isAsked;
  }

  /// Connects; empty when it cannot and that says nothing of this call.
  private Optional<HttpConnection> connection(Served served, boolean mayBeGone)
      throws IOException, TimeoutException {
    Duration patience = mayBeGone ? Limits.END_PATIENCE : times.listen();
    try {
      return Optional.of(connected(served, patience));
    } catch (IOException | TimeoutException e) {
      if (mayBeGone && !givenUp.isDone()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private HttpConnection connected(Served served, Duration patience)
      throws IOException, TimeoutException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      if (served.ended().isDone() || givenUp.isDone()) {
        throw new IOException("it ended before it listened at port " + Ports.FUNCTION);
      }
      try {
        return new HttpConnection(inside.connect(Ports.FUNCTION));
      } catch (ConnectException | SocketTimeoutException _) {
        if (System.nanoTime() > deadline) {
          throw new TimeoutException();
        }
        pause(served);
      }
    }
  }

  private void pause(Served served) throws IOException {
    try {
      CompletableFuture.anyOf(served.ended(), givenUp).get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException _) {
      // Time to look again.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private Outcome exchanged(HttpConnection connection, Served served) throws IOException {
    try (connection) {
      Optional<CallFolder> folder;
      try {
        folder = inside.folder(files);
      } catch (IOException e) {
        return Outcomes.failed(
            Codes.FUNCTION_IO,
            Outcomes.name(call) + ": the folder of its call could not be made: " + e.getMessage());
      }
      if (folder.isEmpty() && !call.function().files().isEmpty()) {
        return Outcomes.failed(
            Codes.FUNCTION_UNAVAILABLE,
            Outcomes.name(call)
                + " finds variables as files, which this server cannot give to a function that"
                + " listens there; read them at port 8889");
      }
      try {
        return exchanged(connection, served, folder);
      } finally {
        folder.ifPresent(CallFolder::close);
      }
    }
  }

  private Outcome exchanged(HttpConnection connection, Served served, Optional<CallFolder> folder)
      throws IOException {
    try {
      CompletableFuture.anyOf(served.ended(), givenUp).whenComplete((_, _) -> connection.abort());
      String path = folder.map(CallFolder::path).orElse(Sandbox.DATA);
      Thread.ofVirtual().start(() -> post(connection, path));
      HttpConnection.Message head = connection.readAnswer();
      byte[] body = connection.readAnswerBody(head, Limits.RESULT_BYTES_MAX);
      Outcome outcome = outcome(head, body);
      if (folder.isPresent() && outcome instanceof Outcome.Returned) {
        left = folder.get().left(LeftVariables.paths());
      }
      return outcome;
    } catch (HttpConnection.TooLargeException _) {
      return Outcomes.failed(
          Codes.FUNCTION_OUTPUT,
          Outcomes.name(call)
              + " answered more than "
              + Outcomes.size(Limits.RESULT_BYTES_MAX)
              + ", which no result may have");
    }
  }

  /// A function may answer before it has read its input, so what is wrong with writing is only told
  /// by what is read.
  private void post(HttpConnection connection, String folder) {
    try {
      connection.write(
          head("POST") + "Direktiv-TempDir: " + folder + "\r\nContent-Type: application/json\r\n",
          call.input().toBytes());
    } catch (IOException _) {
      // Reading tells.
    }
  }

  private String head(String method) {
    return method
        + " / HTTP/1.1\r\nHost: localhost:8080\r\nDirektiv-ActionID: "
        + call.id()
        + "\r\n";
  }

  private Outcome silent() {
    return Outcomes.failed(
        Codes.FUNCTION_TIMEOUT,
        Outcomes.name(call)
            + " did not listen at port 8080 within "
            + times.listen().toSeconds()
            + " s; the contract http needs a server there, and for an image without one there"
            + " are the contracts files and stdio");
  }

  /// What became of a call without an answer: the end of its sandbox says more than the connection.
  private Outcome broken(IOException e, Served served) {
    try {
      Object end =
          CompletableFuture.anyOf(givenUp, served.ended())
              .get(Limits.END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return end instanceof SandboxEnd its
          ? Outcomes.onDisk(its, limits, Outcomes.ended(call, its.exit(), limits))
          : Outcomes.ended(call, (Exit) end, limits);
    } catch (TimeoutException _) {
      hasLostProcess = inside.sawMemoryKill();
      if (hasLostProcess) {
        return Outcomes.ended(call, new Exit.OutOfMemory(limits.memoryBytes()), limits);
      }
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

  /// Asks the function to give up, and gives the call up when it has not answered in time. Blocks
  /// until then.
  public void cancel() {
    Thread asking = Thread.ofVirtual().start(this::delete);
    try {
      answered.get(times.cancel().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException _) {
      // It had its time.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    giveUp();
    asking.interrupt();
  }

  /// The function may not be interested in it: then it simply goes on until its time is over.
  private void delete() {
    try (HttpConnection connection = new HttpConnection(inside.connect(Ports.FUNCTION))) {
      connection.write(head("DELETE"), new byte[0]);
      answered.get(times.cancel().toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException _) {
      // There is nobody to ask.
      giveUp();
    } catch (TimeoutException | ExecutionException | InterruptedException _) {
      // The connection is closed now.
    }
  }

  /// Waits no longer for an answer.
  public void giveUp() {
    givenUp.complete(new Exit.Stopped());
  }
}
