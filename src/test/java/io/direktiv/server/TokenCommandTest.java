package io.direktiv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.api.ApiToken;
import io.direktiv.store.Change;
import io.direktiv.store.NamespaceRecord;
import io.direktiv.store.Store;
import io.direktiv.store.TokenRecord;
import io.direktiv.store.sql.SqlStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Tokens made beside a store that is in use, as a running server uses it.
class TokenCommandTest {
  @TempDir Path folder;
  private Store server;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void open() {
    server = SqlStore.open(folder, Runnable::run);
    NamespaceRecord demo = new NamespaceRecord("demo", Instant.EPOCH, new byte[0]);
    server.commit(List.of(new Change.CreateNamespace(demo))).join();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return new CommandLine(new TokenCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private Optional<TokenRecord> found() {
    return server.holdings().token(ApiToken.hash(out.toString().strip()));
  }

  @Test
  void makesATokenThatARunningServerFindsAtOnce() {
    int code = run("create", "ci", "--data", folder.toString());

    assertThat(code).isZero();
    assertThat(found()).map(TokenRecord::name).contains("ci");
    assertThat(found()).flatMap(TokenRecord::namespace).isEmpty();
    assertThat(found()).flatMap(TokenRecord::expiresAt).isEmpty();
  }

  @Test
  void boundsATokenToANamespaceAndATime() {
    run("create", "ci", "--namespace", "demo", "--expires", "30d", "--data", folder.toString());

    assertThat(found()).flatMap(TokenRecord::namespace).contains("demo");
    Instant end = found().flatMap(TokenRecord::expiresAt).orElseThrow();
    assertThat(Duration.between(Instant.now(), end))
        .isBetween(Duration.ofDays(30).minusMinutes(1), Duration.ofDays(30));
  }

  @Test
  void keepsNeitherTheTokenNorShowsItAgain() {
    run("create", "ci", "--data", folder.toString());
    String token = out.toString().strip();

    run("list", "--data", folder.toString());

    assertThat(out.toString()).contains("ci").contains("never").doesNotContain(token);
  }

  @Test
  void deletesATokenForTheNextRequest() {
    run("create", "ci", "--data", folder.toString());
    byte[] hash = ApiToken.hash(out.toString().strip());

    assertThat(run("delete", "ci", "--data", folder.toString())).isZero();

    assertThat(server.holdings().token(hash)).isEmpty();
    assertThat(run("delete", "ci", "--data", folder.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("token 'ci' does not exist");
  }

  @Test
  void refusesATakenNameAnAbsentNamespaceAndABadTime() {
    run("create", "ci", "--data", folder.toString());

    assertThat(run("create", "ci", "--data", folder.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("token 'ci' already exists");
    assertThat(run("create", "b", "--namespace", "nope", "--data", folder.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("namespace 'nope' does not exist");
    assertThat(run("create", "b", "--expires", "soon", "--data", folder.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--expires must be a length of time");
  }

  @Test
  void refusesAFolderWithoutAStoreAndMakesNone() {
    Path absent = folder.resolve("absent");

    assertThat(run("list", "--data", absent.toString())).isEqualTo(1);

    assertThat(err.toString()).startsWith("DK0002: there is no store in the folder " + absent);
    assertThat(absent).doesNotExist();
  }
}
