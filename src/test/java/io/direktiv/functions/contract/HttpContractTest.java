package io.direktiv.functions.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Codes;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.Exit;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.FunctionVariables;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.functions.reach.Inside;
import io.direktiv.json.Json;
import io.direktiv.model.FunctionDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The contract of v0.2 (reference 1.4), against servers that answer well, badly and not at all.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HttpContractTest {
  private static final SandboxLimits LIMITS =
      new SandboxLimits(
          1,
          64L << 20,
          64,
          256,
          1L << 20,
          32L << 20,
          Duration.ofMinutes(1),
          SandboxLimits.Network.NONE);
  private static final HttpContract.Times TIMES =
      new HttpContract.Times(Duration.ofMillis(300), Duration.ofMillis(300));
  private static final FunctionCall CALL =
      new FunctionCall(
          new ActionId(new InstanceId("ns", "flow", "AAAAAA"), 1, 0),
          "ns",
          new FunctionDefinition(
              "f",
              "image",
              FunctionDefinition.Size.SMALL,
              Optional.empty(),
              0,
              Optional.of("http"),
              Optional.empty(),
              List.of()),
          Json.parse("{\"n\":1}"),
          Optional.empty(),
          FunctionVariables.NONE);

  private final List<LogLine> lines = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private final HttpContract contract = contract(Duration.ofMinutes(1), TIMES);

  private HttpContract contract(Duration time, HttpContract.Times times) {
    return new HttpContract(
        CALL,
        Map.of(),
        new CallLog(lines::add, InstantSource.system()),
        LIMITS.withTime(time),
        times);
  }

  /// A sandbox whose server answers each request with `answer` and closes the connection.
  private final class Server implements HttpContract.Served, Inside, AutoCloseable {
    private final byte[] answer;
    private final boolean isOpenEnded;
    private final CompletableFuture<SandboxEnd> end = new CompletableFuture<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ServerSocketChannel server;
    private final java.net.SocketAddress address;
    private final Thread acceptor;

    private Server(String answer, boolean isOpenEnded) throws IOException {
      this.answer = answer.getBytes(StandardCharsets.UTF_8);
      this.isOpenEnded = isOpenEnded;
      server =
          ServerSocketChannel.open()
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      address = server.getLocalAddress();
      acceptor = Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
      try {
        while (true) {
          SocketChannel channel = server.accept();
          HttpConnection connection = new HttpConnection(channel);
          HttpConnection.Message head = connection.readHead();
          byte[] body = connection.readBody(head, 1 << 20);
          requests.add(
              head.first()[0]
                  + " "
                  + head.header("direktiv-actionid")
                  + " "
                  + new String(body, StandardCharsets.UTF_8));
          asked.complete(null);
          channel.write(java.nio.ByteBuffer.wrap(answer));
          if (!isOpenEnded) {
            channel.close();
          }
        }
      } catch (IOException _) {
        // The sandbox has ended.
      }
    }

    private void end(Exit exit) {
      end.complete(SandboxEnd.of(exit));
    }

    @Override
    public CompletableFuture<Inside> begun() {
      return CompletableFuture.completedFuture(this);
    }

    @Override
    public CompletableFuture<SandboxEnd> ended() {
      return end;
    }

    @Override
    public SocketChannel connect(int port) throws IOException {
      assertThat(port).isEqualTo(8080);
      return SocketChannel.open(address);
    }

    @Override
    public ServerSocketChannel listen(int port) throws IOException {
      throw new IOException("not in this test");
    }

    @Override
    public boolean freeze(boolean isFrozen) {
      return false;
    }

    @Override
    public void close() throws IOException {
      server.close();
      try {
        // The channel is only closed once the thread that accepts has seen it.
        acceptor.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private Outcome outcome(String answer) throws SandboxException, IOException {
    try (Server server = new Server(answer, false)) {
      return contract.ask(server, false).orElseThrow();
    }
  }

  private static void assertFailed(Outcome outcome, String code, String text) {
    assertThat(((Outcome.Failed) outcome).failure().error().code()).isEqualTo(code);
    assertThat(((Outcome.Failed) outcome).failure().error().message()).contains(text);
  }

  @Test
  void postsTheInputWithTheNameOfTheAction() throws Exception {
    // given
    Server server = new Server("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n7", false);

    // when
    Outcome outcome = contract.ask(server, false).orElseThrow();

    // then
    assertThat(outcome).isEqualTo(new Outcome.Returned(Json.of(7)));
    assertThat(server.requests).containsExactly("POST ns/flow/AAAAAA:1:0 {\"n\":1}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n{\"a\r\n3\r\n\":1\r\n1\r\n}\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n{\"a\":1}",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\ncontent-length: 7\r\n\r\n{\"a\":1}",
        "HTTP/1.1 500 No\nContent-Length:7\n\n{\"a\":1}"
      })
  void takesTheBodyWhateverTheStatus(String answer) throws Exception {
    assertThat(outcome(answer)).isEqualTo(new Outcome.Returned(Json.parse("{\"a\":1}")));
  }

  @Test
  void takesABodyThatIsNoJsonAsBase64() throws Exception {
    assertThat(outcome("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"))
        .isEqualTo(new Outcome.Returned(Json.of("aGk=")));
  }

  @Test
  void failsWithTheCodeOfTheHeader() throws Exception {
    assertFailed(
        outcome(
            "HTTP/1.1 200 OK\r\nDirektiv-ErrorCode: my.code\r\nDirektiv-ErrorMessage: no luck\r\n"
                + "Content-Length: 2\r\n\r\n{}"),
        "my.code",
        "no luck");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nnocolon\r\n\r\n"
      })
  void failsWhenTheAnswerIsNone(String answer) throws Exception {
    assertFailed(outcome(answer), Codes.FUNCTION_IO, "gave no answer at port 8080");
  }

  @Test
  void failsWhenTheHeadHasNoEnd() throws Exception {
    assertFailed(
        outcome("HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000)), Codes.FUNCTION_IO, "64 KiB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 16777217\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n1000001\r\n"
      })
  void failsWhenTheResultIsTooLarge(String rest) throws Exception {
    assertFailed(outcome("HTTP/1.1 200 OK\r\n" + rest), Codes.FUNCTION_OUTPUT, "16 MiB");
  }

  @Test
  void tellsHowTheSandboxEndedWithoutAnAnswer() throws Exception {
    // given
    Server server = new Server("", true);
    asked.thenRun(() -> server.end(new Exit.OutOfMemory(64L << 20)));

    // then
    assertFailed(contract.ask(server, false).orElseThrow(), Codes.FUNCTION_MEMORY, "64 MiB");
  }

  @Test
  void tellsThatTheDiskWasFullWhenTheSandboxEndedWithoutAnAnswer() throws Exception {
    // given
    Server server = new Server("", true);
    SandboxEnd full = new SandboxEnd(new Exit.Exited(1), true, Map.of());
    asked.thenRun(() -> server.end.complete(full));

    // then
    assertFailed(
        contract.ask(server, false).orElseThrow(),
        Codes.FUNCTION_EXIT,
        "; its disk was full (limit 32 MiB)");
  }

  @Test
  void asksToGiveUpWithDeleteAndGivesUpWhenThatDoesNotHelp() throws Exception {
    // given
    Server server = new Server("", true);
    asked.thenRunAsync(contract::cancel, task -> Thread.ofVirtual().start(task));

    // when
    Outcome outcome = contract.ask(server, false).orElseThrow();

    // then
    assertFailed(outcome, Codes.FUNCTION_EXIT, "was stopped");
    assertThat(server.requests.getLast()).isEqualTo("DELETE ns/flow/AAAAAA:1:0 ");
    assertThat(contract.isAsked()).isTrue();
    assertThat(contract.isGivenUp()).isTrue();
  }

  @Test
  void givesUpWhenTheTimeIsOver() throws Exception {
    // given
    HttpContract hasty = contract(Duration.ofMillis(200), TIMES);

    // then
    assertFailed(
        hasty.ask(new Server("", true), false).orElseThrow(),
        Codes.FUNCTION_TIMEOUT,
        "ran longer than PT0.2S");
    assertThat(hasty.isGivenUp()).isTrue();
  }

  @Test
  void failsWhenNothingListensInTime() throws Exception {
    // given
    Server server = new Server("", false);
    server.close();

    // then
    assertFailed(
        contract.ask(server, false).orElseThrow(),
        Codes.FUNCTION_TIMEOUT,
        "did not listen at port 8080");
    assertThat(contract.isAsked()).isFalse();
  }

  @Test
  void leavesACallToAnotherSandboxWhenThisOneWasGoneBeforeItWasAsked() throws Exception {
    // given
    Server silent = new Server("", false);
    silent.close();
    Server ended = new Server("", false);
    ended.end(new Exit.Exited(1));

    // then
    assertThat(contract.ask(silent, true)).isEmpty();
    assertThat(contract.ask(ended, true)).isEmpty();
    assertFailed(
        contract.ask(ended, false).orElseThrow(), Codes.FUNCTION_EXIT, "ended with exit code 1");
  }

  @Test
  void isNotAskedAgainElsewhereOnceAFunctionTookTheCall() throws Exception {
    // given
    Server server = new Server("", false);

    // then
    assertFailed(
        contract.ask(server, true).orElseThrow(), Codes.FUNCTION_IO, "gave no answer at port 8080");
    assertThat(server.requests).hasSize(1);
  }
}
