package io.direktiv.functions.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.functions.docker.PodmanEngine;
import io.direktiv.functions.docker.TestImage;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The seed's large example on the shipped server, with a real container for every action.
///
/// The images stand in for those of the seed under their own names. Each takes the fields that the
/// original took (reference 3.1), fails without its secrets, and tells nothing of them.
///
/// What the workflow does as its author wrote it: an event's payload lies under the event's type,
/// so `.email` is never in the data of an instance that an event started; such an instance takes
/// the way of the invalid address. That way then fails in `notSafeForWork`, because the transform
/// of `EmailNotValid` keeps nothing of the event that the next input reads. A mail is sent only
/// when the workflow is started by hand with both an event and an address in its input.
@Tag("e2e")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class NsfwE2eTest {
  private static final String NS = "/pictures";
  private static final String WORKFLOW = "check-image-mended";
  private static final String BLOB = "Microsoft.Storage.BlobCreated";
  private static final Map<String, String> SECRETS = secrets();

  private static final String NEED =
      """
      need() { grep -q "$1" data.in || { echo "no $1" >&2
        echo '{"errorCode":"com.test.error","errorMessage":"an input is missing"}' > error.json
        exit 0; }; }
      cd /direktiv-data
      """;

  private static PodmanEngine engine;
  private static FunctionServer server;

  private static Map<String, String> secrets() {
    Map<String, String> secrets = new HashMap<>();
    for (String name :
        List.of(
            "GOOGLE_SERVICE_ACCOUNT_KEY",
            "GOOOGLE_SMTP_PASSWORD",
            "AZ_NAME",
            "AZ_PASSWORD",
            "AZ_TENANT",
            "AZ_STORAGE_KEY",
            "lambdaKey",
            "lambdaSecret")) {
      secrets.put(name, "canary-" + name + "-7f3c91");
    }
    return secrets;
  }

  @BeforeAll
  static void start() throws IOException {
    engine = PodmanEngine.start();
    load(
        "vorteil/imagerecognition:v1",
        """
        need '"serviceAccountKey":"canary-GOOGLE_SERVICE_ACCOUNT_KEY-7f3c91"'
        echo "looking at a picture"
        if grep -q '"url":"[^"]*nude' data.in
        then printf '{"safeForWork":false,"adultLikelihood":5}' > data.out
        else printf '{"safeForWork":true,"adultLikelihood":1}' > data.out
        fi
        """);
    load(
        "vorteil/lambda:v1",
        """
        need '"key":"canary-lambdaKey-7f3c91"'
        need '"secret":"canary-lambdaSecret-7f3c91"'
        need '"StateName":"AddWaterMarkImage"'
        printf '{"statusCode":200}' > data.out
        """);
    load(
        "vorteil/smtp:latest",
        """
        need '"password":"canary-GOOOGLE_SMTP_PASSWORD-7f3c91"'
        need '"message":"NSFW Image detected"'
        sed 's/.*"to":"\\([^"]*\\)".*/mail sent to \\1/' data.in
        printf '' > data.out
        """);
    load(
        "vorteil/azgo:v1",
        """
        for name in NAME PASSWORD TENANT STORAGE_KEY
        do need "canary-AZ_$name-7f3c91"
        done
        sed 's/.*"command":\\[\\(.*\\)\\].*/\\1/; s/"canary[^"]*"/"…"/g' data.in
        printf '"done"' > data.out
        """);
    server = FunctionServer.start(engine.environment());
    assertThat(server.post("", JsonObject.of("name", Json.of("pictures"))).status()).isEqualTo(201);
    SECRETS.forEach((name, value) ->
        assertThat(
                server
                    .post(
                        NS + "/secrets",
                        JsonObject.builder().put("name", name).put("data", value).build())
                    .status())
            .isEqualTo(201));
    FunctionServer.Reply created =
        server.send(
            "POST",
            NS + "/workflows",
            "application/yaml",
            Files.readString(Path.of("examples/nsfw-mended.yml")));
    assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (engine != null) {
      engine.close();
    }
  }

  private static void load(String name, String script) {
    engine.load(TestImage.shell(name, NEED + script));
  }

  /// Publishes the event of an upload and returns the instance that it started.
  private static String publish(String id, String url) throws InterruptedException {
    String event =
        """
        {"specversion":"1.0","type":"%s","source":"/storage/pictures","id":"%s",
         "datacontenttype":"application/json","data":{"api":"PutBlob","url":"%s"}}
        """
            .formatted(BLOB, id, url);
    FunctionServer.Reply reply =
        server.send("POST", NS + "/events", "application/cloudevents+json", event);
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
    for (int i = 0; i < 600; i++) {
      for (Json item : (JsonArray) ((JsonObject) server.get(NS + "/events").body()).get("data")) {
        JsonObject record = (JsonObject) item;
        boolean isOurs =
            ((JsonObject) record.get("event")).get("id").equals(Json.of(id))
                && !((JsonArray) record.get("caused")).isEmpty();
        if (isOurs) {
          return ((JsonString) ((JsonArray) record.get("caused")).get(0)).value();
        }
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("the event started nothing");
  }

  private static String path(String instance) {
    return NS + "/instances/" + instance.substring(instance.indexOf('/') + 1);
  }

  private static List<String> visited(String instance) {
    return server.texts(path(instance) + "/history", "state");
  }

  private static List<String> logs(String instance) {
    return server.texts(path(instance) + "/logs?limit=1000", "message");
  }

  private static JsonObject output(String instance) {
    return (JsonObject) server.get(path(instance) + "/output").body();
  }

  private static String startByHand(String url, String email) {
    JsonObject input =
        JsonObject.builder()
            .put(BLOB, JsonObject.of("url", Json.of(url)))
            .put("email", email)
            .build();
    FunctionServer.Reply reply =
        server.post(NS + "/instances?workflow=" + WORKFLOW + "&manual=true", input);
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(201);
    return ((JsonString) reply.data().get("id")).value();
  }

  @Test
  void marksAndMovesAPictureThatIsSafe() throws Exception {
    // when
    String instance = publish("safe-1", "https://direktiv.blob.core/processing/cat.jpg");
    JsonObject ended = server.awaitEnd(path(instance));

    // then
    assertThat(ended.get("status")).as(logs(instance).toString()).isEqualTo(Json.of("complete"));
    assertThat(visited(instance))
        .containsExactly(
            "getImageFromAzure", "checkRatingForImage", "addWaterMark", "safeForWork", "cleanup");
    assertThat(output(instance).get("notify")).isEqualTo(Json.parse("{\"statusCode\":200}"));
    assertThat(output(instance).get("return")).isEqualTo(Json.of("done"));
    assertThat(logs(instance))
        .contains("looking at a picture")
        .anyMatch(line -> line.contains("\"--destination-container\",\"safe-for-work\""))
        .anyMatch(line -> line.contains("\"blob\",\"delete\"") && line.contains("cat.jpg"));
    assertNoSecretIsTold(instance);
  }

  @Test
  void tellsTheAdministratorOfAPictureThatIsNotSafe() {
    // when
    String instance =
        startByHand("https://direktiv.blob.core/processing/nude.jpg", "admin@example.com");
    JsonObject ended = server.awaitEnd(path(instance));

    // then
    assertThat(ended.get("status")).as(logs(instance).toString()).isEqualTo(Json.of("complete"));
    assertThat(visited(instance))
        .containsExactly(
            "getImageFromAzure",
            "checkRatingForImage",
            "ValidateEmail",
            "SendEmail",
            "notSafeForWork",
            "cleanup");
    assertThat(logs(instance))
        .contains("mail sent to admin@example.com")
        .anyMatch(line -> line.contains("\"--destination-container\",\"not-safe-for-work\""));
    assertNoSecretIsTold(instance);
  }

  @Test
  void takesTheWayOfAnInvalidAddressWhenTheAddressIsNone() {
    // when
    String instance = startByHand("https://direktiv.blob.core/processing/nude.jpg", "nobody");
    JsonObject ended = server.awaitEnd(path(instance));

    // then
    assertTookTheWayOfAnInvalidAddress(instance, ended);
  }

  @Test
  void takesTheWayOfAnInvalidAddressForAnEventWhichHasNone() throws Exception {
    // when
    String instance = publish("unsafe-1", "https://direktiv.blob.core/processing/nude.jpg");
    JsonObject ended = server.awaitEnd(path(instance));

    // then
    assertTookTheWayOfAnInvalidAddress(instance, ended);
  }

  private static void assertTookTheWayOfAnInvalidAddress(String instance, JsonObject ended) {
    assertThat(visited(instance))
        .containsExactly(
            "getImageFromAzure",
            "checkRatingForImage",
            "ValidateEmail",
            "EmailNotValid",
            "notSafeForWork");
    assertThat(ended.get("status")).isEqualTo(Json.of("failed"));
    assertThat(ended.get("errorCode")).isEqualTo(Json.of("direktiv.jq.badCommand"));
    assertNoSecretIsTold(instance);
  }

  private static void assertNoSecretIsTold(String instance) {
    String told =
        server.get(path(instance)).body()
            + server.get(path(instance) + "/logs?limit=1000").body().toString()
            + server.get(path(instance) + "/history").body()
            + server.get(path(instance) + "/input").body()
            + server.get(path(instance) + "/output").body()
            + server.get(NS + "/secrets").body()
            + server.printed();
    assertThat(told).doesNotContain("canary-");
    assertThat(server.dataFiles()).isNotEmpty().noneMatch(NsfwE2eTest::holdsASecret);
  }

  private static boolean holdsASecret(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("canary-");
    } catch (IOException _) {
      return false;
    }
  }
}
