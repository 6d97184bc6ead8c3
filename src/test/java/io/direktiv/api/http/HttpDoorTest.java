package io.direktiv.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.api.Address;
import io.direktiv.api.AuthMode;
import io.direktiv.api.DoorException;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Opening and closing the door.
@Timeout(60)
class HttpDoorTest {
  private static final String INSTANCES = "/api/v2/namespaces/demo/instances";

  @Test
  void saysWhatToDoWhenItsPortIsTaken() {
    try (TestDoor first = new TestDoor()) {
      HttpDoor second =
          new HttpDoor(
              first.parts().api(),
              new Address("127.0.0.1", first.door().port()),
              HttpSettings.of(AuthMode.OFF, "1", () -> ""));

      assertThatThrownBy(second::start)
          .isInstanceOf(DoorException.class)
          .hasMessage(
              "DK0004: 127.0.0.1:"
                  + first.door().port()
                  + " is in use; stop the other process or set DIREKTIV_API_BIND");
      second.stop();
    }
  }

  @Test
  void stopsTwiceAndWithoutAStart() {
    try (TestDoor door = new TestDoor()) {
      HttpDoor never =
          new HttpDoor(
              door.parts().api(),
              new Address("127.0.0.1", 0),
              HttpSettings.of(AuthMode.OFF, "1", () -> ""));
      never.stop();
      door.door().stop();
      door.door().stop();
    }
  }

  @Test
  @Timeout(40)
  void endsWaitsAndStreamsWhenItStops() throws Exception {
    try (TestDoor door = new TestDoor().with(TestDoor.WAITS)) {
      String location = door.post(INSTANCES + "?workflow=waits", "{}").header("Location");
      CompletableFuture<String> stream = stream(door, location + "/logs/subscribe");
      CompletableFuture<TestDoor.Reply> wait =
          CompletableFuture.supplyAsync(
              () -> door.post(INSTANCES + "?workflow=waits&wait=true&timeout=60", "{}"),
              Thread::startVirtualThread);
      while (count(door) < 2) {
        Thread.onSpinWait();
      }

      door.door().stop();

      assertThat(wait.get(5, TimeUnit.SECONDS).status()).isEqualTo(202);
      assertThat(stream.get(5, TimeUnit.SECONDS)).endsWith("\r\n0\r\n\r\n");
    }
  }

  private static long count(TestDoor door) {
    return door.parts()
        .store()
        .instances()
        .list(io.direktiv.store.InstanceQuery.of("demo"), io.direktiv.store.Page.ALL)
        .total();
  }

  /// Begins to read a stream; completes with all of it when the server has closed it.
  private static CompletableFuture<String> stream(TestDoor door, String path) throws IOException {
    Socket socket = door.socket();
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(UTF_8));
    String first = new String(socket.getInputStream().readNBytes(12), UTF_8);
    return CompletableFuture.supplyAsync(
        () -> {
          try (socket) {
            return first + new String(socket.getInputStream().readAllBytes(), UTF_8);
          } catch (IOException e) {
            return e.toString();
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void tellsWhenTheServerIsNotReady() {
    HttpSettings settings = HttpSettings.of(AuthMode.OFF, "1", () -> "").readyWhen(() -> false);
    try (TestDoor door = new TestDoor(settings)) {
      assertThat(door.get("/readyz").status()).isEqualTo(503);
      assertThat(door.get("/readyz").header("Retry-After")).isEqualTo("1");
      assertThat(door.get("/healthz").status()).isEqualTo(200);
    }
  }

  @Test
  void showsAPageToPeople() {
    try (TestDoor door = new TestDoor()) {
      TestDoor.Reply page = door.get("/");

      assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
      assertThat(page.text())
          .contains("http://127.0.0.1:" + door.door().port() + "/api/v2/namespaces")
          .doesNotContain("${");
    }
  }
}
