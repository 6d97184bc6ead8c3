package io.direktiv.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Workflows, secrets, registries and variables over HTTP.
class ResourcesTest {
  private static final String NS = "/api/v2/namespaces/demo";
  private static final String HELLO = NS + "/workflows/helloworld";

  private TestDoor door;

  @BeforeEach
  void open() {
    door = new TestDoor().with(TestDoor.HELLO);
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void keepsAWorkflowsTextByteByByte() {
    String source = "# Grüße\r\n" + Samples.noop("exact");
    door.yaml("POST", NS + "/workflows?active=false&logToEvents=audit", source);

    TestDoor.Reply raw = door.get(NS + "/workflows/exact?raw=true");
    TestDoor.Reply json = door.get(NS + "/workflows/exact");

    assertThat(raw.text()).isEqualTo(source);
    assertThat(raw.header("Content-Type")).isEqualTo("application/yaml");
    assertThat(json.data().get("source")).isEqualTo(Json.of(source));
    assertThat(json.data().get("active")).isEqualTo(Json.FALSE);
    assertThat(json.data().get("logToEvents")).isEqualTo(Json.of("audit"));
  }

  @Test
  void tellsEveryProblemOfADefinitionWithItsPlace() {
    String bad = "id: bad\nstates:\n- id: a\n  type: noop\n  transfrom: .\n  transition: b\n";

    TestDoor.Reply reply = door.yaml("POST", NS + "/workflows", bad);

    assertThat(reply.status()).isEqualTo(400);
    String validation = reply.error().get("validation").toString();
    assertThat(validation)
        .contains("\"line\":5,\"column\":3,\"severity\":\"error\"")
        .contains("did you mean \\\"transform\\\"?")
        .contains("\"line\":6");
  }

  @Test
  void refusesAnUpdateOfAnotherRevision() {
    String update = HELLO + "?revision=0";

    TestDoor.Reply first = door.yaml("PUT", update, TestDoor.HELLO);
    TestDoor.Reply second = door.yaml("PUT", update, TestDoor.HELLO);
    TestDoor.Reply json = door.json("PATCH", HELLO, "{\"active\":false,\"revision\":0}");

    assertThat(first.data().get("revision")).isEqualTo(Json.of(1));
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.errorCode()).isEqualTo("resource_changed");
    assertThat(json.status()).isEqualTo(409);
  }

  @Test
  void stopsAndStartsAWorkflow() {
    String start = NS + "/instances?workflow=helloworld&wait=true";

    door.json("PATCH", HELLO, "{\"active\":false}");
    TestDoor.Reply refused = door.post(start, "{}");
    door.json("PATCH", HELLO, "{\"active\":true}");
    TestDoor.Reply started = door.post(start, "{\"name\":\"A\"}");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.errorCode()).isEqualTo("resource_state");
    assertThat(refused.errorMessage()).isEqualTo("workflow is inactive");
    assertThat(started.status()).isEqualTo(200);
  }

  @Test
  void refusesTextThatIsNotUtf8() {
    byte[] latin = "id: caf\u00e9\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

    TestDoor.Reply reply =
        door.send("POST", NS + "/workflows", latin, "Content-Type", "application/yaml");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.errorMessage()).contains("UTF-8");
  }

  @Test
  void neverGivesSecretsBack() {
    String body = "{\"name\":\"key\",\"data\":\"canary-5f3a\"}";

    TestDoor.Reply created = door.json("POST", NS + "/secrets", body);
    TestDoor.Reply again = door.json("POST", NS + "/secrets", body);
    TestDoor.Reply wrong = door.json("PUT", NS + "/secrets/key", "{\"data\":[\"canary-5f3a\"]}");
    TestDoor.Reply registry =
        door.json(
            "POST",
            NS + "/registries",
            "{\"url\":\"https://r.example\",\"user\":\"u\",\"password\":\"canary-5f3a\"}");

    assertThat(created.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(409);
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(registry.status()).isEqualTo(201);
    for (TestDoor.Reply reply :
        new TestDoor.Reply[] {
          created, again, wrong, registry, door.get(NS + "/secrets"), door.get(NS + "/registries")
        }) {
      assertThat(reply.text()).doesNotContain("canary");
    }
  }

  @Test
  void keepsVariablesAsBytesThatABrowserDoesNotRun() {
    byte[] page = "<script>alert(1)</script>".getBytes(UTF_8);
    String path = HELLO + "/variables/page";

    door.send("PUT", path, page, "Content-Type", "text/html; charset=utf-8");
    TestDoor.Reply reply = door.get(path);

    assertThat(reply.bytes()).isEqualTo(page);
    assertThat(reply.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(reply.header("Content-Security-Policy")).startsWith("sandbox");
    assertThat(door.get(HELLO + "/variables").text()).contains("\"key\":\"page\"");
    assertThat(door.send("DELETE", path, new byte[0]).status()).isEqualTo(204);
    assertThat(door.get(path).status()).isEqualTo(404);
  }

  @Test
  void answersListsOfAbsentThingsWith404() {
    for (String list : new String[] {"workflows", "instances", "secrets", "events", "variables"}) {
      assertThat(door.get("/api/v2/namespaces/absent/" + list).status()).as(list).isEqualTo(404);
    }
  }
}
