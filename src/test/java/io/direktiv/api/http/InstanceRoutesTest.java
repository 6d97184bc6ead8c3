package io.direktiv.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Starting, waiting for and cancelling instances.
class InstanceRoutesTest {
  private static final String INSTANCES = "/api/v2/namespaces/demo/instances";
  private static final String START_HELLO = INSTANCES + "?workflow=helloworld";

  private static final String ECHO =
      """
      id: echo
      states:
      - id: echo
        type: noop
      """;

  private static final String FAILS =
      """
      id: fails
      states:
      - id: fail
        type: error
        error: my.code
        message: 'went "wrong" in ÄÖ'
      """;

  private static final String SCHEDULED =
      """
      id: scheduled
      start:
        type: scheduled
        cron: '0 0 1 1 *'
      states:
      - id: a
        type: noop
      """;

  private static TestDoor door;

  @BeforeAll
  static void open() {
    door = new TestDoor().with(TestDoor.HELLO, ECHO, FAILS, SCHEDULED, TestDoor.WAITS);
  }

  @AfterAll
  static void close() {
    door.close();
  }

  @Test
  void answersWithTheOutputAlone() {
    // when
    TestDoor.Reply reply = door.post(START_HELLO + "&wait=true&output=true", "{\"name\":\"Alan\"}");

    // then
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("{\"msg\":\"Hello, Alan!\"}");
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.header("Direktiv-Instance-Id")).matches("demo/helloworld/[a-zA-Z]{6}");
  }

  @Test
  void answersWithTheEndedInstance() {
    // when
    TestDoor.Reply reply = door.post(START_HELLO + "&wait=true", "{\"name\":\"Alan\"}");

    // then
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.at("status")).isEqualTo("\"complete\"");
    assertThat(reply.at("flow")).isEqualTo("[\"hello\"]");
    assertThat(reply.at("output")).isEqualTo("{\"msg\":\"Hello, Alan!\"}");
  }

  @Test
  void answersWithTheIdWhenNobodyWaits() {
    // when
    TestDoor.Reply started = door.post(START_HELLO, "{\"name\":\"Alan\"}");

    // then
    assertThat(started.status()).isEqualTo(201);
    TestDoor.Reply found = door.get(started.header("Location"));
    assertThat(found.status()).isEqualTo(200);
    assertThat(found.data().get("id")).isEqualTo(started.data().get("id"));
  }

  @Test
  void answersAcceptedWhenTheInstanceStillRunsAfterTheTimeout() {
    // when
    TestDoor.Reply reply = door.post(INSTANCES + "?workflow=waits&wait=true&timeout=1", "");

    // then
    assertThat(reply.status()).isEqualTo(202);
    assertThat(door.get(reply.header("Location")).at("status")).isEqualTo("\"pending\"");
  }

  @Test
  void tellsTheErrorOfAFailedInstanceInBodyAndHeaders() {
    // when
    TestDoor.Reply reply = door.post(INSTANCES + "?workflow=fails&wait=true", "{}");

    // then
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.errorCode()).isEqualTo("my.code");
    assertThat(reply.errorMessage()).isEqualTo("went \"wrong\" in ÄÖ");
    assertThat(reply.header("Direktiv-Instance-Error-Code")).isEqualTo("my.code");
    assertThat(reply.header("Direktiv-Instance-Error-Message")).isEqualTo("went \"wrong\" in ??");
    assertThat(reply.header("Direktiv-Instance-Id")).startsWith("demo/fails/");
  }

  @Test
  void readsInputAsReference13Says() {
    String echo = INSTANCES + "?workflow=echo&wait=true&output=true";
    byte[] bytes = {(byte) 0x89, 'P', 'N', 'G', 0, (byte) 0xff};

    assertThat(door.post(echo, "{\"a\":1}").text()).isEqualTo("{\"a\":1}");
    assertThat(door.post(echo, "[1,2]").text()).isEqualTo("{\"input\":[1,2]}");
    assertThat(door.post(echo, "").text()).isEqualTo("{}");
    assertThat(door.post(echo, "not json").text())
        .isEqualTo(
            "{\"input\":\""
                + Base64.getEncoder().encodeToString("not json".getBytes(StandardCharsets.UTF_8))
                + "\"}");
    assertThat(door.send("POST", echo, bytes).text())
        .isEqualTo("{\"input\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"}");
  }

  @Test
  void refusesABodyThatSaysItIsJsonAndIsNot() {
    TestDoor.Reply reply = door.json("POST", START_HELLO, "{\"name\": }");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.errorCode()).isEqualTo("request_body_not_json");
    assertThat(reply.errorMessage()).contains("line 1, column 10");
  }

  @Test
  void answersTheFirstResultToARepeatedRequestAndRefusesAnotherOne() {
    // given
    String start = START_HELLO + "&wait=true&output=true";
    TestDoor.Reply first = door.post(start, "{\"name\":\"Ada\"}", "Idempotency-Key", "k1");

    // when
    TestDoor.Reply again = door.post(start, "{\"name\":\"Ada\"}", "Idempotency-Key", "k1");
    TestDoor.Reply other = door.post(start, "{\"name\":\"Bob\"}", "Idempotency-Key", "k1");

    // then
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.header("Direktiv-Instance-Id"))
        .isEqualTo(first.header("Direktiv-Instance-Id"));
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.errorCode()).isEqualTo("request_key_reused");
  }

  @Test
  void startsAScheduledWorkflowByHandOnlyWhenAskedTo() {
    TestDoor.Reply refused = door.post(INSTANCES + "?workflow=scheduled&wait=true", "");
    TestDoor.Reply started = door.post(INSTANCES + "?workflow=scheduled&wait=true&manual=true", "");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.errorMessage())
        .isEqualTo("cannot directly invoke workflows with 'scheduled' starts");
    assertThat(started.status()).isEqualTo(200);
  }

  @Test
  void cancelsARunningInstanceOnce() {
    // given
    String location = door.post(INSTANCES + "?workflow=waits", "{}").header("Location");

    // when
    TestDoor.Reply cancelled = door.json("PATCH", location, "{\"status\":\"cancelled\"}");
    TestDoor.Reply again = door.json("PATCH", location, "{\"status\":\"cancelled\"}");

    // then
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.at("status")).isEqualTo("\"cancelled\"");
    assertThat(cancelled.at("errorCode")).isEqualTo("\"direktiv.cancels.api\"");
    assertThat(again.status()).isEqualTo(409);
  }

  @Test
  void listsInstancesOfAWorkflowAndStatus() {
    // given
    door.post(INSTANCES + "?workflow=fails&wait=true", "{}");

    // when
    TestDoor.Reply failed = door.get(INSTANCES + "?workflow=fails&status=failed&limit=1");
    TestDoor.Reply none = door.get(INSTANCES + "?workflow=fails&status=complete,pending");
    TestDoor.Reply late = door.get(INSTANCES + "?createdAfter=2100-01-01T00:00:00Z");

    // then
    assertThat(failed.json().get("data").toString()).contains("\"errorCode\":\"my.code\"");
    assertThat(none.json().get("data")).isEqualTo(Json.parse("[]"));
    assertThat(late.json().get("data")).isEqualTo(Json.parse("[]"));
  }

  @Test
  void namesTheNearestParameterForAnUnknownOne() {
    TestDoor.Reply reply = door.post(START_HELLO + "&wiat=true", "{}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.errorMessage()).contains("'wiat'").contains("did you mean \"wait\"?");
  }
}
