package io.direktiv.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Streams of server-sent events.
class StreamRoutesTest {
  private static final String INSTANCES = "/api/v2/namespaces/demo/instances";

  private static TestDoor door;

  @BeforeAll
  static void open() {
    door = new TestDoor().with(TestDoor.HELLO, TestDoor.WAITS);
  }

  @AfterAll
  static void close() {
    door.close();
  }

  private static String start(String workflow) {
    return door.post(INSTANCES + "?workflow=" + workflow, "{}").header("Location");
  }

  private static List<String> values(String stream, String field) {
    return stream
        .lines()
        .filter(line -> line.startsWith(field + ": "))
        .map(line -> line.substring(field.length() + 2))
        .toList();
  }

  @Test
  void replaysALogFromItsBeginningAndEndsWithTheInstance() {
    // given
    String location =
        door.post(INSTANCES + "?workflow=helloworld&wait=true", "{\"name\":\"A\"}")
            .header("Direktiv-Instance-Id")
            .replaceFirst("demo/", INSTANCES + "/");
    String logs = door.get(location + "/logs").text();

    // when
    TestDoor.Reply stream = door.get(location + "/logs/subscribe");

    // then
    assertThat(stream.header("Content-Type")).isEqualTo("text/event-stream");
    List<String> lines = values(stream.text(), "data");
    assertThat("[" + String.join(",", lines.subList(0, lines.size() - 1)) + "]")
        .isEqualTo(logs.substring(logs.indexOf('['), logs.indexOf("],\"meta\"") + 1));
    assertThat(lines.getLast()).isEqualTo("{\"status\":\"complete\"}");
    assertThat(values(stream.text(), "event").getLast()).isEqualTo("end");
  }

  @Test
  void goesOnAfterTheLastEventWithoutGapsAndRepetitions() {
    // given
    String location = start("waits");
    door.json("PATCH", location, "{\"status\":\"cancelled\"}");
    String whole = door.get(location + "/logs/subscribe").text();
    List<String> ids = values(whole, "id");

    // when
    String rest = door.get(location + "/logs/subscribe", "Last-Event-ID", ids.get(1)).text();

    // then
    assertThat(values(rest, "id")).isEqualTo(ids.subList(2, ids.size()));
    assertThat(values(rest, "data")).isEqualTo(values(whole, "data").subList(2, ids.size()));
    assertThat(door.get(location + "/logs/subscribe", "Last-Event-ID", "end").status())
        .isEqualTo(204);
    assertThat(door.get(location + "/logs/subscribe", "Last-Event-ID", "x").status())
        .isEqualTo(400);
  }

  @Test
  void followsALogWhileItGrows() throws IOException {
    String location = start("waits");
    try (Socket socket = door.socket()) {
      BufferedReader in = subscribe(socket, location + "/logs/subscribe");
      String line = in.readLine();
      while (!line.contains("Running state logic -- second:2")) {
        line = in.readLine();
      }

      door.json("PATCH", location, "{\"status\":\"cancelled\"}");

      List<String> rest = new ArrayList<>();
      for (line = in.readLine(); line != null; line = in.readLine()) {
        rest.add(line);
      }
      assertThat(rest).contains("event: end", "data: {\"status\":\"cancelled\"}");
    }
  }

  private static BufferedReader subscribe(Socket socket, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  @Test
  void streamsTheChangesOfANamespace() throws IOException {
    try (Socket socket = door.socket()) {
      BufferedReader in = subscribe(socket, INSTANCES + "/subscribe?workflow=waits");
      String line = in.readLine();
      while (!line.equals("event: ready")) {
        line = in.readLine();
      }

      door.post(INSTANCES + "?workflow=helloworld&wait=true", "{\"name\":\"A\"}");
      String location = start("waits");
      door.json("PATCH", location, "{\"status\":\"cancelled\"}");

      List<String> seen = new ArrayList<>();
      while (!line.contains("cancelled")) {
        line = in.readLine();
        seen.add(line);
      }
      assertThat(seen).noneMatch(text -> text.contains("helloworld"));
    }
  }

  @Test
  void streamsAnInstanceUntilItHasEnded() throws IOException {
    String location = start("waits");
    try (Socket socket = door.socket()) {
      BufferedReader in = subscribe(socket, location + "/subscribe");
      String line = in.readLine();
      while (!line.contains("\"status\":\"pending\"")) {
        line = in.readLine();
      }

      door.json("PATCH", location, "{\"status\":\"cancelled\"}");

      String rest = String.join("\n", in.lines().toList());
      assertThat(rest).contains("\"errorCode\":\"direktiv.cancels.api\"").contains("event: end");
    }
  }

  @Test
  void endsWhenItsNamespaceIsDeleted() throws IOException {
    door.json("POST", "/api/v2/namespaces", "{\"name\":\"short\"}");
    door.yaml("POST", "/api/v2/namespaces/short/workflows", TestDoor.WAITS);
    String location =
        door.post("/api/v2/namespaces/short/instances?workflow=waits", "{}").header("Location");
    try (Socket socket = door.socket()) {
      BufferedReader in = subscribe(socket, location + "/logs/subscribe");
      while (!in.readLine().contains("second:2")) {}

      door.send("DELETE", "/api/v2/namespaces/short", new byte[0]);

      assertThat(String.join("\n", in.lines().toList())).contains("{\"status\":\"deleted\"}");
    }
  }
}
