package io.direktiv.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.api.http.exchange.Route;
import io.direktiv.api.http.exchange.Waiting;
import io.direktiv.api.http.resource.Resources;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The OpenAPI document tells the truth: every operation of it is called with good, bad, absent and
/// oversized input, and every reply is one that the document describes.
class OpenApiTest {
  private static final String INSTANCES = "/api/v2/namespaces/demo/instances";

  private static TestDoor door;
  private static Contract contract;
  private static Map<String, Samples.Sample> samples;

  @BeforeAll
  static void open() {
    door =
        new TestDoor()
            .with(
                TestDoor.HELLO,
                TestDoor.WAITS,
                Samples.noop("replaced"),
                Samples.noop("changed"),
                Samples.noop("scrap"));
    door.json("POST", "/api/v2/namespaces", "{\"name\":\"scrap\"}");
    String running = start("waits");
    for (String owner : List.of("", "/workflows/helloworld", "/instances/" + running)) {
      String path = "/api/v2/namespaces/demo" + owner + "/variables/kept";
      assertThat(door.send("PUT", path, "1".getBytes(UTF_8)).status()).isEqualTo(204);
    }
    contract = new Contract(door.get("/api/v2/openapi.json").json());
    samples = new Samples(start("helloworld"), running).all();
  }

  /// An instance as `workflow/suffix`.
  private static String start(String workflow) {
    String query = "?workflow=" + workflow + "&wait=true&timeout=1";
    String id = door.post(INSTANCES + query, "{}").header("Direktiv-Instance-Id");
    return id.substring("demo/".length());
  }

  @AfterAll
  static void close() {
    door.close();
  }

  static Stream<Contract.Operation> operations() {
    return contract.operations().stream().sorted((a, b) -> Boolean.compare(isLast(a), isLast(b)));
  }

  /// Ends what others still look at.
  private static boolean isLast(Contract.Operation operation) {
    return operation.id().equals("cancelInstance");
  }

  @Test
  void documentHasEveryRouteAndNothingElse() {
    Set<String> routes =
        Resources.routes(
                new Resources.About("", () -> "", () -> true), new Waiting(1), Duration.ZERO)
            .stream()
            .map((Route route) -> route.method() + " " + route.path())
            .collect(Collectors.toSet());

    assertThat(
            contract.operations().stream()
                .map(operation -> operation.method() + " " + operation.path())
                .collect(Collectors.toSet()))
        .isEqualTo(routes);
  }

  @Test
  void everyOperationHasASample() {
    assertThat(samples.keySet())
        .containsExactlyInAnyOrderElementsOf(
            contract.operations().stream().map(Contract.Operation::id).toList());
  }

  @Test
  void contractNoticesWhatTheDocumentDoesNotSay() {
    Contract.Operation operation =
        contract.operations().stream().filter(o -> o.id().equals("isAlive")).findFirst().get();
    TestDoor.Reply good = door.get("/healthz");
    byte[] other = "{\"data\":{\"status\":\"ok\",\"more\":1}}".getBytes(UTF_8);

    contract.check(operation, "good", good);
    assertThatThrownBy(
            () -> contract.check(operation, "body", new TestDoor.Reply(200, good.headers(), other)))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() ->
            contract.check(operation, "status", new TestDoor.Reply(201, good.headers(), other)))
        .isInstanceOf(AssertionError.class);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void answersGoodInputAsDocumented(Contract.Operation operation) throws IOException {
    Samples.Sample sample = samples.get(operation.id());
    if (sample.isEndless()) {
      assertThat(firstLines(sample.path())).contains("HTTP/1.1 200 OK", "event: ready");
      return;
    }

    TestDoor.Reply reply = send(operation, sample.path(), sample.type(), sample.body());

    assertThat(reply.status()).as(reply.text()).isEqualTo(sample.status());
    contract.check(operation, "good", reply);
  }

  private static List<String> firstLines(String path) throws IOException {
    try (Socket socket = door.socket()) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      return in.lines().takeWhile(line -> !line.startsWith("data:")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void refusesUnknownParametersAndTypesAsDocumented(Contract.Operation operation) {
    Samples.Sample sample = samples.get(operation.id());
    String more = sample.path() + (sample.path().contains("?") ? "&" : "?") + "nonsense=1";

    TestDoor.Reply unknown = send(operation, more, sample.type(), sample.body());

    assertThat(unknown.status()).isEqualTo(400);
    contract.check(operation, "unknown parameter", unknown);
    if (operation.hasBody() && !operation.bodyTypes().contains("*/*")) {
      TestDoor.Reply type = send(operation, sample.path(), "image/png", sample.body());
      assertThat(type.status()).isEqualTo(415);
      contract.check(operation, "unknown type", type);
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void refusesBadBodiesAsDocumented(Contract.Operation operation) {
    if (!operation.hasBody() || !operation.bodyTypes().contains("application/json")) {
      return;
    }
    String path = samples.get(operation.id()).path();
    String deep = "[".repeat(5_000) + "]".repeat(5_000);

    for (String body : List.of("", "{", "[]", "3", "{\"nonsense\": 1}", "{\"name\": 7}", deep)) {
      TestDoor.Reply reply = send(operation, path, "application/json", body);
      contract.check(operation, "bad body " + body.length(), reply);
      assertThat(reply.status()).as(body + " " + reply.text()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void answersAbsentThingsAsDocumented(Contract.Operation operation) {
    if (!operation.path().contains("{")) {
      return;
    }
    Samples.Sample sample = samples.get(operation.id());
    String query = sample.path().contains("?") ? sample.path().replaceAll(".*\\?", "?") : "";
    String absent = operation.path().replaceAll("\\{[a-z]+}", "absent") + query;

    TestDoor.Reply reply = send(operation, absent, sample.type(), sample.body());

    assertThat(reply.status()).as(reply.text()).isEqualTo(404);
    contract.check(operation, "absent", reply);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void refusesOversizedBodiesAsDocumented(Contract.Operation operation) {
    if (!operation.hasBody()) {
      return;
    }
    Samples.Sample sample = samples.get(operation.id());

    TestDoor.Reply reply =
        door.send(
            operation.method(),
            sample.path(),
            new byte[operation.bodyBytesMax() + 1],
            "Content-Type",
            sample.type());

    assertThat(reply.status()).as(reply.text()).isEqualTo(413);
    contract.check(operation, "oversized", reply);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void refusesOtherMethodsAndLongHeadersAsDocumented(Contract.Operation operation) {
    String path = samples.get(operation.id()).path();

    TestDoor.Reply method = door.send("PROPFIND", path, new byte[0]);
    TestDoor.Reply header =
        door.send(operation.method(), path, new byte[0], "X-Long", "x".repeat(20_000));

    assertThat(method.status()).isEqualTo(405);
    assertThat(method.errorCode()).isEqualTo("request_method_not_allowed");
    assertThat(method.header("Allow")).contains(operation.method());
    assertThat(header.status()).isEqualTo(431);
    contract.check(operation, "long header", header);
  }

  private static TestDoor.Reply send(
      Contract.Operation operation, String path, String type, String body) {
    return type.isEmpty()
        ? door.send(operation.method(), path, body.getBytes(UTF_8))
        : door.send(operation.method(), path, body.getBytes(UTF_8), "Content-Type", type);
  }
}
