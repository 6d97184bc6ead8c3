package io.direktiv.functions.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.FakeVariables;
import io.direktiv.functions.FunctionCall;
import io.direktiv.model.Names;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What functions that listen say and ask at port 8889 while they serve calls (reference 1.4).
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SidecarTest extends ServedCalls {
  @Test
  void theDoorForLogsKnowsTheCallsApart() {
    // given
    CyclicBarrier bothAtWork = new CyclicBarrier(2);
    start(
        PATIENT,
        (box, request) -> {
          bothAtWork.await();
          String id = request.split("Direktiv-ActionID: ")[1].split("\r\n")[0];
          String answer = log(box, id, "from " + id);
          bothAtWork.await();
          return answer.contains("200") && log(box, "ns/flow/AAAAAA:99:0", "x").contains("404")
              ? "1"
              : "0";
        });
    List<LogLine> first = new CopyOnWriteArrayList<>();
    List<LogLine> second = new CopyOnWriteArrayList<>();

    // when
    FunctionCall call = call();
    CompletableFuture<Outcome> other =
        CompletableFuture.supplyAsync(
            () -> functions.call(call, first::add), task -> Thread.ofVirtual().start(task));
    assertThat(functions.call(call(), second::add)).isEqualTo(returned(1));

    // then
    assertThat(other.join()).isEqualTo(returned(1));
    assertThat(first).extracting(LogLine::message).containsExactly("from ns/flow/AAAAAA:1:0");
    assertThat(second).extracting(LogLine::message).containsExactly("from ns/flow/AAAAAA:2:0");
  }

  @Test
  void aCallReadsAndWritesVariablesAtOnce() {
    // given
    FakeVariables variables = new FakeVariables();
    variables.values.put("WORKFLOW k", "before".getBytes(StandardCharsets.UTF_8));
    List<String> answers = new CopyOnWriteArrayList<>();
    start(
        PATIENT,
        (box, request) -> {
          String id = request.split("Direktiv-ActionID: ")[1].split("\r\n")[0];
          String at = "/var?aid=" + id + "&scope=workflow&key=";
          answers.add(ask(box, "GET " + at + "k", ""));
          answers.add(ask(box, "POST " + at + "k", "after"));
          answers.add(ask(box, "GET " + at + "k", ""));
          answers.add(ask(box, "GET " + at + "none", ""));
          answers.add(ask(box, "POST /var?aid=" + id + "&key=mine", "7"));
          answers.add(ask(box, "POST " + at + "k", ""));
          answers.add(ask(box, "GET " + at + "-", ""));
          answers.add(ask(box, "GET /var?aid=" + id + "&scope=system&key=k", ""));
          answers.add(ask(box, "GET /var?aid=another&key=k", ""));
          answers.add(ask(box, "DELETE " + at + "k", ""));
          answers.add(ask(box, "POST " + at + "k", "Content-Length: 16777217"));
          variables.isWritable = false;
          answers.add(ask(box, "POST " + at + "k", "lost"));
          return "1";
        });

    // when
    FunctionCall call = call();
    functions.call(
        new FunctionCall(
            call.id(), call.namespace(), call.function(), call.input(), call.timeout(), variables),
        _ -> {});

    // then
    assertThat(answers)
        .extracting(answer -> answer.replaceFirst("(?s)HTTP/1.1 (\\d+).*\r\n\r\n", "$1 ").strip())
        .containsExactly(
            "200 before",
            "200",
            "200 after",
            "200",
            "200",
            "200",
            "400 key must match regex: " + Names.VARIABLE.pattern(),
            "400 scope is namespace, workflow or instance",
            "404 no call has this aid, or no service this path",
            "405",
            "413 at most 16777216 bytes",
            "503 it cannot be written now, or the call is over");
    assertThat(variables.values).containsOnlyKeys("INSTANCE mine");
  }

  /// Asks the sidecar; a body that is a header stands for one that is too large.
  private static String ask(ListeningRuntime.Box box, String request, String body)
      throws Exception {
    boolean isHeader = body.startsWith("Content-Length");
    String head =
        " HTTP/1.1\r\n" + (isHeader ? body : "Content-Length: " + body.length()) + "\r\n\r\n";
    try (SocketChannel channel = SocketChannel.open(box.door)) {
      String text = request + head + (isHeader ? "" : body);
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      byte[] answer = java.nio.channels.Channels.newInputStream(channel).readAllBytes();
      return new String(answer, StandardCharsets.UTF_8);
    }
  }

  private static String log(ListeningRuntime.Box box, String id, String text) throws Exception {
    try (SocketChannel channel = SocketChannel.open(box.door)) {
      String request =
          "POST /log?aid=" + id + " HTTP/1.1\r\nContent-Length: " + text.length() + "\r\n\r\n";
      channel.write(ByteBuffer.wrap((request + text).getBytes(StandardCharsets.UTF_8)));
      ByteBuffer answer = ByteBuffer.allocate(200);
      channel.read(answer);
      return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    }
  }
}
