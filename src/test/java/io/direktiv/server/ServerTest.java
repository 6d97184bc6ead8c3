package io.direktiv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// A whole server in this process: what it says, what it refuses, and who may call it.
class ServerTest {
  private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String OTHER_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

  /// A workflow whose only action calls a function, and that shows what it catches.
  private static final String CATCHES =
      """
      {"source": "{id: catches, functions: [{id: f, image: none/such}], states: [{id: a,
      type: action, action: {function: f}, catch: [{error: direktiv.function.unavailable,
      transition: b}]}, {id: b, type: noop}]}"}\
      """
          .replace("\n", " ");

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private Server server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop();
    }
  }

  private Server server(Map<String, String> flags, String key) {
    Map<String, String> all = new HashMap<>();
    all.put("data", folder.resolve("data").toString());
    all.put("api-bind", "127.0.0.1:0");
    all.put("ingress-bind", "127.0.0.1:0");
    all.putAll(flags);
    Settings settings = SettingsReader.read(all, Map.of("DIREKTIV_MASTER_KEY", key));
    return new Server(settings, new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  private void start(Map<String, String> flags) {
    out.reset();
    server = server(flags, KEY);
    server.start();
  }

  private String said(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(out.toString(StandardCharsets.UTF_8));
    assertThat(matcher.find()).as(out.toString(StandardCharsets.UTF_8)).isTrue();
    return matcher.group(1);
  }

  private HttpResponse<String> send(String method, String path, String body, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(said("UI and API +(\\S+)") + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private String token(String... arguments) {
    java.io.StringWriter printed = new java.io.StringWriter();
    String[] all = new String[arguments.length + 3];
    all[0] = "create";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 2] = "--data";
    all[all.length - 1] = folder.resolve("data").toString();
    int code =
        new CommandLine(new TokenCommand())
            .setOut(new java.io.PrintWriter(printed, true))
            .execute(all);
    assertThat(code).isZero();
    return printed.toString().strip();
  }

  private void refuses(Map<String, String> flags, String key, String sentence) {
    Server refused = server(flags, key);
    assertThatThrownBy(refused::start)
        .isInstanceOf(StartupException.class)
        .hasMessageContaining(sentence)
        .hasMessageNotContaining("\n");
    refused.stop();
  }

  @Test
  void saysWhereItIsAndAnswersThere() throws Exception {
    start(Map.of());

    assertThat(said("data +(\\S+)")).isEqualTo(folder.resolve("data").toString());
    assertThat(said("gRPC +(127.0.0.1:\\d+)")).isNotEmpty();
    assertThat(said("(functions +.*)")).isNotEmpty();
    assertThat(said("(ready +direktiv .*)")).isNotEmpty();
    assertThat(send("GET", "/readyz", "", "").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"firecracker", "vorteil", "microvm"})
  void startsWithoutTheMicrovmsThatItIsToldToUse(String word) throws Exception {
    start(Map.of("isolation", word));
    String sentence = "the setting isolation: " + word + " wants microVMs, which";

    assertThat(said("(functions +.*)")).contains(sentence);
    send("POST", "/api/v2/namespaces", "{\"name\":\"demo\"}", "");
    send("POST", "/api/v2/namespaces/demo/workflows", CATCHES, "");
    HttpResponse<String> ended =
        send("POST", "/api/v2/namespaces/demo/instances?workflow=catches&wait=true", "{}", "");
    assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
    assertThat(ended.body())
        .contains("\"code\":\"direktiv.function.unavailable\"")
        .contains("\"msg\":\"" + sentence);
  }

  @Test
  void keepsWhatItHasAcrossARestart() throws Exception {
    start(Map.of());
    assertThat(send("POST", "/api/v2/namespaces", "{\"name\":\"demo\"}", "").statusCode())
        .isEqualTo(201);
    server.stop();
    server.stop();

    start(Map.of());

    assertThat(send("GET", "/api/v2/namespaces/demo", "", "").statusCode()).isEqualTo(200);
  }

  @Test
  void refusesAFolderInUseAndStartsOnceItIsFree() {
    start(Map.of());

    refuses(Map.of(), KEY, "DK0003: the data folder " + folder.resolve("data"));

    server.stop();
    start(Map.of());
  }

  @Test
  void refusesATakenPortAndLeavesTheFolderFree() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      refuses(Map.of("api-bind", address), KEY, "DK0004: " + address);
      refuses(Map.of("ingress-bind", address), KEY, "DK0004: " + address);
    }
    start(Map.of());
  }

  @Test
  void refusesAFileAsDataFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    refuses(Map.of("data", file.toString()), KEY, "DK0002: the data folder " + file);
  }

  @Test
  void refusesTheTablesOfANewerRelease() throws Exception {
    start(Map.of());
    server.stop();
    String url = "jdbc:sqlite:" + folder.resolve("data").resolve("direktiv.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }

    refuses(Map.of(), KEY, "DK0005: the data folder was written by a newer release (schema 99");
  }

  @Test
  void refusesAnotherMasterKeyThanTheFolderWasWrittenWith() throws Exception {
    start(Map.of());
    send("POST", "/api/v2/namespaces", "{\"name\":\"demo\"}", "");
    server.stop();

    refuses(Map.of(), OTHER_KEY, "DK0007: the master key is not the one that the secrets of");
    start(Map.of());
  }

  @Test
  void refusesAMasterKeyThatIsNoneIsReadableByOthersOrLiesInTheDataFolder() throws IOException {
    refuses(Map.of(), "c2hvcnQ=", "DK0006: DIREKTIV_MASTER_KEY must hold 32 random bytes");

    Path open = Files.writeString(folder.resolve("open.key"), KEY);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    refuses(Map.of("master-key-file", open.toString()), "", "chmod 600 " + open);

    refuses(
        Map.of("master-key-file", "/proc/absent.key"),
        "",
        "DK0006: the master key /proc/absent.key cannot be used (it is not there and cannot be"
            + " made); set DIREKTIV_MASTER_KEY");
    refuses(Map.of("data", "/dev/null/x"), KEY, "/dev/null/x cannot be used (Not a directory);");
    refuses(
        Map.of("data", "/proc/x"), KEY, "/proc/x cannot be used (no folder can be made there);");

    Path inside = folder.resolve("data").resolve("master.key");
    refuses(Map.of("master-key-file", inside.toString()), "", "lies in the data folder");
  }

  @Test
  void looksForTheMasterKeyInTheHomeThatTheUserNames() {
    assertThat(KeyFile.standard(Map.of("HOME", "/h"), "/known"))
        .isEqualTo(Path.of("/h/.config/direktiv/master.key"));
    assertThat(KeyFile.standard(Map.of(), "/known"))
        .isEqualTo(Path.of("/known/.config/direktiv/master.key"));
    assertThat(KeyFile.standard(Map.of("HOME", "/h", "XDG_CONFIG_HOME", "/c"), "?"))
        .isEqualTo(Path.of("/c/direktiv/master.key"));
    assertThatThrownBy(() -> KeyFile.standard(Map.of(), "?"))
        .hasMessageStartingWith("DK0006: this user has no home folder for the master key; set");
  }

  @Test
  void makesAMasterKeyThatItsOwnerAloneReads() throws Exception {
    Path file = folder.resolve("keys").resolve("master.key");
    server = server(Map.of("master-key-file", file.toString()), "");

    server.start();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void refusesAnAddressThatOthersReachUnlessItIsGuarded() {
    refuses(Map.of("api-bind", "0.0.0.0:0"), KEY, "DK0008: api-bind 0.0.0.0:0");
    refuses(Map.of("ingress-bind", "0.0.0.0:0"), KEY, "DK0008: ingress-bind 0.0.0.0:0");

    start(Map.of("api-bind", "0.0.0.0:0", "insecure", "true"));
    server.stop();
    start(Map.of("ingress-bind", "0.0.0.0:0", "auth", "tokens"));
  }

  @Test
  void letsInWhoHasATokenMadeWhileItRuns() throws Exception {
    start(Map.of("auth", "tokens"));
    assertThat(send("GET", "/api/v2/namespaces", "", "").statusCode()).isEqualTo(401);

    String token = token("boss");

    assertThat(send("GET", "/api/v2/namespaces", "", token).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/api/v2/namespaces", "", token + "x").statusCode()).isEqualTo(401);
  }

  @Test
  void keepsATokenWithinItsNamespaceAndItsTime() throws Exception {
    start(Map.of("auth", "tokens"));
    String boss = token("boss");
    for (String name : new String[] {"demo", "other"}) {
      send("POST", "/api/v2/namespaces", "{\"name\":\"" + name + "\"}", boss);
    }

    String demo = token("demo", "--namespace", "demo");
    String over = token("over", "--expires", "1ms");

    assertThat(send("GET", "/api/v2/namespaces/demo", "", demo).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/api/v2/namespaces/other", "", demo).statusCode()).isEqualTo(403);
    assertThat(send("GET", "/api/v2/namespaces/demo", "", over).statusCode()).isEqualTo(401);
  }
}
