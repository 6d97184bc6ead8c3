package io.direktiv.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.execution.Execution;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// CloudEvents over HTTP (protocol binding 1.0.2).
class EventRoutesTest {
  private static final String EVENTS = "/api/v2/namespaces/demo/events";

  private static final String LISTENS =
      """
      id: listens
      start:
        type: event
        event:
          type: greeting
      states:
      - id: a
        type: noop
      """;

  private TestDoor door;

  @BeforeEach
  void open() {
    door = new TestDoor().with(LISTENS);
  }

  @AfterEach
  void close() {
    door.close();
  }

  private JsonObject newest() {
    JsonArray events = (JsonArray) door.get(EVENTS).json().get("data");
    return (JsonObject) ((JsonObject) events.get(0)).get("event");
  }

  @Test
  void takesAStructuredEventOnceAndStartsItsWorkflow() throws InterruptedException {
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"greeting\",\"data\":{\"a\":1}}";
    String type = "application/cloudevents+json; charset=utf-8";

    CountDownLatch started = new CountDownLatch(1);

    TestDoor.Reply first;
    try (Execution.Watch _ = door.parts().api().watch("demo", _ -> started.countDown())) {
      first = door.send("POST", EVENTS, event.getBytes(UTF_8), "Content-Type", type);
      assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    }
    TestDoor.Reply again = door.send("POST", EVENTS, event.getBytes(UTF_8), "Content-Type", type);

    assertThat(first.status()).isEqualTo(202);
    assertThat(first.data()).isEqualTo(Json.parse("{\"accepted\":1,\"repeated\":0}"));
    assertThat(again.data()).isEqualTo(Json.parse("{\"accepted\":0,\"repeated\":1}"));
    JsonArray instances =
        (JsonArray) door.get("/api/v2/namespaces/demo/instances").json().get("data");
    JsonObject instance = (JsonObject) instances.get(0);
    assertThat(instance.get("invoker")).isEqualTo(Json.of("cloudevent"));
    String id = instance.get("id").toString().replace("\"", "").substring("demo/".length());
    assertThat(door.get("/api/v2/namespaces/demo/instances/" + id + "/input").text())
        .isEqualTo("{\"greeting\":{\"a\":1}}");
  }

  @Test
  void readsBinaryMode() {
    TestDoor.Reply reply =
        door.send(
            "POST",
            EVENTS,
            "{\"x\":[1]}".getBytes(UTF_8),
            "ce-specversion",
            "1.0",
            "ce-id",
            "7",
            "ce-source",
            "/a",
            "ce-type",
            "binary",
            "CE-Subject",
            "Euro%20%E2%82%AC%20%F0%9F%98%80",
            "ce-quoted",
            "\"a \\\"b\\\"\"",
            "Content-Type",
            "application/json");

    assertThat(reply.status()).as(reply.text()).isEqualTo(202);
    assertThat(newest().get("subject")).isEqualTo(Json.of("Euro € 😀"));
    assertThat(newest().get("quoted")).isEqualTo(Json.of("a \"b\""));
    assertThat(newest().get("datacontenttype")).isEqualTo(Json.of("application/json"));
    assertThat(newest().get("data")).isEqualTo(Json.parse("{\"x\":[1]}"));
  }

  @Test
  void keepsBinaryDataThatIsNotJsonAsBase64() {
    door.send(
        "POST",
        EVENTS,
        "<a/>".getBytes(UTF_8),
        "ce-specversion",
        "1.0",
        "ce-id",
        "8",
        "ce-source",
        "/a",
        "ce-type",
        "xml",
        "Content-Type",
        "application/xml");

    assertThat(newest().get("data_base64"))
        .isEqualTo(Json.of(Base64.getEncoder().encodeToString("<a/>".getBytes(UTF_8))));
  }

  @Test
  void takesABatchWholeOrNotAtAll() {
    String good = "{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"s\",\"type\":\"t\"}";
    String type = "application/cloudevents-batch+json";
    String batch =
        "[" + good.formatted(1) + "," + good.formatted(2) + "," + good.formatted(1) + "]";
    String bad =
        "[" + good.formatted(3) + ",{\"specversion\":\"1.0\",\"id\":\"4\",\"source\":\"s\"}]";

    TestDoor.Reply taken = door.send("POST", EVENTS, batch.getBytes(UTF_8), "Content-Type", type);
    TestDoor.Reply refused = door.send("POST", EVENTS, bad.getBytes(UTF_8), "Content-Type", type);

    assertThat(taken.data()).isEqualTo(Json.parse("{\"accepted\":2,\"repeated\":1}"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errorMessage()).contains("'type'");
    assertThat(door.get(EVENTS).json().get("meta").toString()).contains("\"total\":2");
  }

  @Test
  void shakesHandsWithSendersOfWebhooks() {
    TestDoor.Reply reply =
        door.send(
            "OPTIONS",
            EVENTS,
            new byte[0],
            "WebHook-Request-Origin",
            "eventgrid.azure.net",
            "WebHook-Request-Rate",
            "120");

    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.header("WebHook-Allowed-Origin")).isEqualTo("eventgrid.azure.net");
    assertThat(reply.header("WebHook-Allowed-Rate")).isNotEmpty();
    assertThat(reply.header("Allow")).contains("POST");
  }

  @Test
  void answersAzuresValidationEvent() {
    String event =
        """
        [{"id": "2d1781af", "topic": "/subscriptions/x", "subject": "",
          "data": {"validationCode": "512d38b6", "validationUrl": "https://rp.example"},
          "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
          "eventTime": "2018-01-25T22:12:19.4556811Z", "metadataVersion": "1",
          "dataVersion": "1"}]
        """;

    TestDoor.Reply reply = door.json("POST", EVENTS, event);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("{\"validationResponse\":\"512d38b6\"}");
  }

  @Test
  void refusesWhatIsNoEvent() {
    assertThat(door.post(EVENTS, "hello", "Content-Type", "text/plain").status()).isEqualTo(415);
    assertThat(door.json("POST", EVENTS, "{\"a\":1}").errorMessage())
        .startsWith("invalid cloudevent: ");
  }

  @Test
  void listsWhatWaits() {
    JsonArray listeners = (JsonArray) door.get(EVENTS + "/listeners").json().get("data");

    JsonObject listener = (JsonObject) listeners.get(0);
    assertThat(listener.get("triggerType")).isEqualTo(Json.of("StartSimple"));
    assertThat(listener.get("triggerWorkflow")).isEqualTo(Json.of("listens"));
    assertThat(listener.get("listeningForEventTypes")).isEqualTo(Json.parse("[\"greeting\"]"));
  }
}
