package io.direktiv.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.api.AuthMode;
import io.direktiv.store.Change;
import io.direktiv.store.TokenRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who comes in.
class DoorkeeperTest {
  private static void token(TestDoor door, String text, Optional<String> namespace)
      throws NoSuchAlgorithmException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    TokenRecord token = new TokenRecord(text, hash, namespace, Instant.now(), Optional.empty());
    door.parts().store().commit(List.of(new Change.CreateToken(token))).join();
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token, "Content-Type", "application/json"};
  }

  @Test
  void wantsATokenForEverythingButHealthDocumentAndPage() {
    try (TestDoor door = new TestDoor(AuthMode.TOKENS)) {
      TestDoor.Reply refused = door.get("/api/v2/namespaces");

      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
      assertThat(refused.errorCode()).isEqualTo("request_unauthenticated");
      assertThat(door.get("/api/v2/namespaces", bearer("wrong")).status()).isEqualTo(401);
      assertThat(door.get("/api/v2/status").status()).isEqualTo(401);
      assertThat(door.get("/healthz").status()).isEqualTo(200);
      assertThat(door.get("/api/v2/openapi.json").status()).isEqualTo(200);
      assertThat(door.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void keepsANamespacesTokenInItsNamespace() throws NoSuchAlgorithmException {
    try (TestDoor door = new TestDoor(AuthMode.TOKENS)) {
      token(door, "all", Optional.empty());
      token(door, "own", Optional.of("mine"));
      for (String name : List.of("mine", "other")) {
        byte[] body = ("{\"name\":\"" + name + "\"}").getBytes(UTF_8);
        assertThat(door.send("POST", "/api/v2/namespaces", body, bearer("all")).status())
            .isEqualTo(201);
      }

      TestDoor.Reply list = door.get("/api/v2/namespaces", bearer("own"));
      TestDoor.Reply other = door.get("/api/v2/namespaces/other/workflows", bearer("own"));
      TestDoor.Reply absent = door.get("/api/v2/namespaces/absent", bearer("own"));

      assertThat(list.text()).contains("mine").doesNotContain("other");
      assertThat(other.status()).isEqualTo(403);
      assertThat(other.errorCode()).isEqualTo("request_forbidden");
      assertThat(absent.status()).isEqualTo(403);
      assertThat(door.get("/api/v2/namespaces/mine/workflows", bearer("own")).status())
          .isEqualTo(200);
      assertThat(
              door.send("DELETE", "/api/v2/namespaces/mine", new byte[0], bearer("own")).status())
          .isEqualTo(403);
    }
  }

  @Test
  void refusesNamesThatAForeignPageMayHaveBound() throws IOException {
    try (TestDoor door = new TestDoor()) {
      for (String host : List.of("evil.example", "127.evil.example", "localhost.evil.example:80")) {
        String reply =
            door.raw("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(reply).as(host).startsWith("HTTP/1.1 403 ");
      }
      for (String host : List.of("localhost", "LOCALHOST:8080", "127.0.0.1:9", "[::1]:8080")) {
        String reply =
            door.raw("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(reply).as(host).startsWith("HTTP/1.1 200 ");
      }
    }
  }

  @Test
  void answersToAnyNameWhereTokensAreAskedFor() throws IOException {
    try (TestDoor door = new TestDoor(AuthMode.TOKENS)) {
      String request =
          "GET /healthz HTTP/1.1\r\nHost: direktiv.example\r\nConnection: close\r\n\r\n";

      assertThat(door.raw(request)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void refusesChangesByPagesOfOtherOriginsWhenNobodyNeedsAToken() {
    try (TestDoor door = new TestDoor()) {
      String own = "http://127.0.0.1:" + door.door().port();
      byte[] body = "{\"name\":\"demo\"}".getBytes(UTF_8);
      String path = "/api/v2/namespaces";

      for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1:1")) {
        assertThat(
                door.send("POST", path, body, "Content-Type", "application/json", "Origin", origin)
                    .status())
            .as(origin)
            .isEqualTo(403);
      }
      assertThat(
              door.send(
                      "POST",
                      path,
                      body,
                      "Content-Type",
                      "application/json",
                      "Sec-Fetch-Site",
                      "cross-site")
                  .status())
          .isEqualTo(403);
      assertThat(
              door.send("POST", path, body, "Content-Type", "application/json", "Origin", own)
                  .status())
          .isEqualTo(201);
    }
  }

  @Test
  @Timeout(30)
  void endsStreamsWhoseTokenIsDeleted() throws Exception {
    try (TestDoor door = new TestDoor(AuthMode.TOKENS);
        Socket socket = new Socket("127.0.0.1", door.door().port())) {
      // given
      token(door, "root", Optional.empty());
      door.send(
          "POST", "/api/v2/namespaces", "{\"name\":\"demo\"}".getBytes(UTF_8), bearer("root"));
      String request =
          "GET /api/v2/namespaces/demo/instances/subscribe HTTP/1.1\r\nHost: localhost\r\n"
              + "Authorization: Bearer root\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      assertThat(reader.lines().anyMatch("event: ready"::equals)).isTrue();

      // when
      door.parts().store().commit(List.of(new Change.DeleteToken("root"))).join();

      // then
      assertThat(isOver(reader)).isTrue();
    }
  }

  /// Reads until the server closes the connection.
  private static boolean isOver(BufferedReader reader) throws IOException {
    try {
      while (reader.readLine() != null) {
        // What was sent before does not matter.
      }
      return true;
    } catch (SocketException _) {
      return true;
    }
  }
}
