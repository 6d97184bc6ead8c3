package io.direktiv.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.api.AuthMode;
import io.direktiv.api.http.exchange.Bounds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What happens at the bounds of the door.
@Timeout(60)
class DoorBoundsTest {
  private static final String INSTANCES = "/api/v2/namespaces/demo/instances";

  /// Tight bounds; connections are plenty.
  private static final Bounds TIGHT =
      new Bounds(4, 1, 1, 100, 100_000, Duration.ofSeconds(1), Duration.ofSeconds(1));

  private static TestDoor door(Bounds bounds) {
    return new TestDoor(HttpSettings.of(AuthMode.OFF, "1", () -> "").within(bounds))
        .with(TestDoor.WAITS);
  }

  private static Socket begin(TestDoor door, String request) throws IOException {
    Socket socket = door.socket();
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return socket;
  }

  private static String read(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), UTF_8);
  }

  private static final String WAITING =
      "POST "
          + INSTANCES
          + "?workflow=waits&wait=true&timeout=60 HTTP/1.1\r\nHost: localhost\r\n"
          + "Content-Length: 0\r\n\r\n";

  @Test
  void refusesOneRequestTooMany() throws IOException {
    try (TestDoor door = door(TIGHT)) {
      String hangs =
          "POST /api/v2/namespaces HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
              + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n";
      Socket[] sockets = new Socket[4];
      for (int i = 0; i < sockets.length; i++) {
        sockets[i] = begin(door, hangs);
        assertThat(read(sockets[i], 21)).startsWith("HTTP/1.1 100 Continue");
      }

      TestDoor.Reply reply = door.get("/healthz");

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).isEqualTo("1");
      assertThat(reply.errorCode()).isEqualTo("server_overloaded");
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void answersAtOnceWhenTooManyWaitAlready() throws IOException {
    try (TestDoor door = door(TIGHT)) {
      String wait = INSTANCES + "?workflow=waits&wait=true&timeout=30";
      String request = "POST " + wait + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
      try (Socket first = begin(door, request)) {
        while (door.get(INSTANCES).json().get("data").toString().equals("[]")) {
          Thread.onSpinWait();
        }

        TestDoor.Reply second = door.post(wait.replace("30", "1"), "");

        assertThat(second.status()).isEqualTo(202);
        String id = door.get(INSTANCES + "?limit=1&offset=1").json().get("data").toString();
        String suffix = id.replaceFirst(".*\"suffix\":\"([a-zA-Z]+)\".*", "$1");
        door.json("PATCH", INSTANCES + "/waits/" + suffix, "{\"status\":\"cancelled\"}");
        assertThat(read(first, 12)).isEqualTo("HTTP/1.1 500");
      }
    }
  }

  @Test
  void forgetsAWaitWhoseClientHasGone() throws IOException {
    try (TestDoor door = door(TIGHT)) {
      Socket lost = begin(door, WAITING);
      awaitWaits(door, 1);
      long began = System.nanoTime();

      lost.close();

      awaitWaits(door, 0);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void answersTheNextRequestOfAClientThatDidNotWaitForTheFirstAnswer() throws IOException {
    try (TestDoor door = door(TIGHT)) {
      try (Socket client = begin(door, WAITING)) {
        awaitWaits(door, 1);
        String next = "GET /api/v2/namespaces HTTP/1.1\r\nHost: localhost\r\n\r\n";
        client.getOutputStream().write(next.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
        String instances = door.get(INSTANCES).json().get("data").toString();
        String suffix = instances.replaceFirst(".*\"suffix\":\"([a-zA-Z]+)\".*", "$1");

        door.json("PATCH", INSTANCES + "/waits/" + suffix, "{\"status\":\"cancelled\"}");

        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        assertThat(in.readLine()).startsWith("HTTP/1.1 500");
        String line = in.readLine();
        while (!line.contains("HTTP/1.1 200")) {
          line = in.readLine();
        }
      }
    }
  }

  private static void awaitWaits(TestDoor door, int count) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (door.door().waits() != count && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
    assertThat(door.door().waits()).isEqualTo(count);
  }

  @Test
  void refusesOneStreamTooMany() throws IOException {
    try (TestDoor door = door(TIGHT)) {
      String path = INSTANCES + "/subscribe";
      try (Socket first = begin(door, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
        assertThat(read(first, 12)).isEqualTo("HTTP/1.1 200");

        assertThat(door.get(path).status()).isEqualTo(503);
      }
    }
  }

  @Test
  void refusesBodiesThatHaveNoRoomTogether() {
    try (TestDoor door = door(TIGHT)) {
      byte[] body = new byte[200_000];

      TestDoor.Reply refused = door.send("POST", INSTANCES + "?workflow=waits", body);
      TestDoor.Reply taken = door.send("POST", INSTANCES + "?workflow=waits", new byte[90_000]);
      TestDoor.Reply again = door.send("POST", INSTANCES + "?workflow=waits", new byte[90_000]);

      assertThat(refused.status()).isEqualTo(503);
      assertThat(taken.status()).isEqualTo(201);
      assertThat(again.status()).isEqualTo(201);
    }
  }

  /// Sends a few bytes of a body, slowly, until the server has had enough.
  private static Thread drip(Socket socket) {
    return Thread.startVirtualThread(() -> {
      try {
        for (int i = 0; i < 50; i++) {
          socket.getOutputStream().write(' ');
          Thread.sleep(100);
        }
      } catch (IOException | InterruptedException _) {
        // The server has answered and closed.
      }
    });
  }

  @Test
  void refusesABodyThatComesTooSlowly() throws Exception {
    try (TestDoor door = door(TIGHT)) {
      String begins =
          "POST /api/v2/namespaces HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
      try (Socket socket = begin(door, begins)) {
        Thread drip = drip(socket);

        assertThat(read(socket, 12)).isEqualTo("HTTP/1.1 408");
        drip.interrupt();
      }
    }
  }

  @Test
  void refusesABodyThatStopsComingAndWaitsForItOnce() throws Exception {
    Bounds patient = new Bounds(4, 1, 1, 100, 100_000, Duration.ofSeconds(1), ofHours(1));
    try (TestDoor door = door(patient)) {
      String begins =
          "POST /api/v2/namespaces HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
      try (Socket socket = begin(door, begins)) {
        String reply = new String(socket.getInputStream().readAllBytes(), UTF_8);

        assertThat(reply).startsWith("HTTP/1.1 408").contains("Connection: close");
      }
    }
  }

  @Test
  void asksNoMoreOfABodyThatCameTooSlowly() throws Exception {
    Bounds strict = new Bounds(4, 1, 1, 100, 100_000, ofHours(1), Duration.ofMillis(1));
    try (TestDoor door = door(strict)) {
      String begins =
          "POST /api/v2/namespaces HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
      try (Socket socket = begin(door, begins)) {
        Thread drip = drip(socket);

        assertThat(read(socket, 12)).isEqualTo("HTTP/1.1 408");
        drip.interrupt();
      }
    }
  }

  @Test
  void closesSilentConnectionsAndKeepsWaitingOnes() throws IOException {
    try (TestDoor door = door(TIGHT);
        Socket silent = door.socket()) {
      TestDoor.Reply waited = door.post(INSTANCES + "?workflow=waits&wait=true&timeout=3", "");

      assertThat(waited.status()).isEqualTo(202);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void letsFurtherConnectionsWaitUntilOneCloses() throws IOException {
    Bounds few = new Bounds(4, 1, 1, 2, 1 << 20, Duration.ofSeconds(30), Duration.ofSeconds(5));
    String request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    HttpSettings settings = HttpSettings.of(AuthMode.OFF, "1", () -> "").within(few);
    try (TestDoor door = new TestDoor(settings);
        Socket first = begin(door, request);
        Socket second = begin(door, request)) {
      assertThat(read(first, 12)).isEqualTo("HTTP/1.1 200");
      assertThat(read(second, 12)).isEqualTo("HTTP/1.1 200");
      try (Socket third = begin(door, request)) {
        third.setSoTimeout(500);
        assertThat(waits(third)).isTrue();
        third.setSoTimeout(20_000);

        first.shutdownOutput();

        assertThat(read(third, 12)).isEqualTo("HTTP/1.1 200");
      }
    }
  }

  private static boolean waits(Socket socket) throws IOException {
    try {
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException _) {
      return true;
    }
  }
}
