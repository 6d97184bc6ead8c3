package io.direktiv.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the door does with bytes that well-behaved clients do not send.
class WireTest {
  private static TestDoor door;

  @BeforeAll
  static void open() {
    door = new TestDoor().with(TestDoor.HELLO);
  }

  @AfterAll
  static void close() {
    door.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NONSENSE\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /a%2Fb HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /api/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST /api/v2/namespaces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "GET /api/v2/namespaces?limit=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /api/v2/namespaces?limit=1&limit=2 HTTP/1.1\r\nHost: localhost\r\n"
            + "Connection: close\r\n\r\n",
      })
  void answersMalformedRequestsInTheOneShape(String request) throws IOException {
    String reply = door.raw(request);

    assertThat(reply).matches("(?s)HTTP/1.1 (400|404|505) .*");
    assertThat(reply).contains("Content-Type: application/json").contains("{\"error\":{\"code\":");
    assertThat(reply).doesNotContain("Jetty", "jetty", "<html", "Exception");
  }

  @Test
  void answersInOrderToPipelinedRequests() throws IOException {
    String one = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String two = "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    String reply = door.raw(one + two);

    assertThat(reply.indexOf("200 OK")).isPositive().isLessThan(reply.indexOf("404 Not Found"));
  }

  @Test
  void answersHeadAsGetWithoutABody() throws IOException {
    String head = "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    String reply = door.raw(head);

    assertThat(reply).startsWith("HTTP/1.1 200 OK").contains("Content-Length: 24");
    assertThat(reply).endsWith("\r\n\r\n");
  }

  @Test
  void readsAChunkedBody() throws IOException {
    String reply =
        door.raw(
            "POST /api/v2/namespaces/demo/instances?workflow=helloworld&wait=true&output=true"
                + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                + "Connection: close\r\n\r\n"
                + "8\r\n{\"name\":\r\n4\r\n\"A\"}\r\n0\r\n\r\n");

    assertThat(reply).contains("{\"msg\":\"Hello, A!\"}");
  }

  @Test
  void refusesAnEndlessChunkedBodyWithoutHoldingIt() throws IOException {
    try (Socket socket = door.socket()) {
      socket
          .getOutputStream()
          .write(
              ("POST /api/v2/namespaces HTTP/1.1\r\nHost: localhost\r\n"
                      + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes();
      for (int i = 0; i < 3; i++) {
        socket.getOutputStream().write(chunk);
      }
      socket.getOutputStream().write("0\r\n\r\n".getBytes());

      byte[] reply = new byte[17];
      assertThat(socket.getInputStream().readNBytes(reply, 0, 17)).isEqualTo(17);

      assertThat(new String(reply, StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void refusesABodyThatEndsTooEarly() throws IOException {
    try (Socket socket = door.socket()) {
      String request =
          "POST /api/v2/namespaces HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"name\":";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();

      String reply =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

      assertThat(reply).startsWith("HTTP/1.1 400 ").contains("\"code\":\"request\"");
    }
  }

  @Test
  void doesNotAskForABodyThatItRefuses() throws IOException {
    String reply =
        door.raw(
            "POST /api/v2/namespaces HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                + "Content-Type: application/json\r\nContent-Length: 100000000\r\n\r\n");

    assertThat(reply).startsWith("HTTP/1.1 413 ").contains("Connection: close");
  }

  @Test
  void keepsTheConnectionAfterARefusalWhoseBodyItHasSeen() throws IOException {
    String refused = "POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello";
    String last = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    String reply = door.raw(refused + last);

    assertThat(reply).startsWith("HTTP/1.1 404 ").contains("HTTP/1.1 200 OK");
  }

  @Test
  void refusesCompressedBodies() {
    TestDoor.Reply reply =
        door.post(
            "/api/v2/namespaces/demo/instances?workflow=helloworld",
            "x",
            "Content-Encoding",
            "gzip");

    assertThat(reply.status()).isEqualTo(415);
  }

  @Test
  void carriesSecurityHeadersAndNoCors() {
    TestDoor.Reply reply = door.get("/healthz", "Origin", "https://evil.example");

    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
    assertThat(reply.header("Server")).isEmpty();
  }
}
