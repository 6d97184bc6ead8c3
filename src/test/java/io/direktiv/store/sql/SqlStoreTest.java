package io.direktiv.store.sql;

import static io.direktiv.store.Samples.id;
import static io.direktiv.store.Samples.instance;
import static io.direktiv.store.Samples.namespace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.engine.InstanceId;
import io.direktiv.engine.ListenerId;
import io.direktiv.json.Json;
import io.direktiv.json.JsonObject;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventFilter;
import io.direktiv.store.Change;
import io.direktiv.store.ListenerRecord;
import io.direktiv.store.Store;
import io.direktiv.store.StoreContract;
import io.direktiv.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The store in SQL keeps the contract, and what it keeps survives.
final class SqlStoreTest extends StoreContract {
  @TempDir Path folder;

  @Override
  protected Store open() {
    return SqlStore.open(folder, Runnable::run);
  }

  @Test
  void keepsWhatWasCommittedWhenItIsOpenedAgain() {
    InstanceId id = id("demo", "greet", "aaaaaa");
    commit(new Change.CreateInstance(instance(id), Optional.of("key")));
    store.close();

    store = open();

    assertThat(store.instances().load(id)).contains(instance(id));
    assertThat(store.instances().byStartKey("demo", "key")).contains(id);
  }

  @Test
  void findsTheFewListenersThatAnEventMayBeFor() {
    put("aaaaaa", Map.of("key", Json.of("k1")));
    put("bbbbbb", Map.of("Key", Json.of("k2"), "zone", Json.of("*")));
    put("cccccc", Map.of("key", Json.of("k*")));
    put("dddddd", Map.of("size", Json.of(7)));
    put("eeeeee", Map.of());
    put("ffffff", Map.of("key", Json.of("k".repeat(1_000))));

    assertThat(candidates("\"key\":\"k1\""))
        .containsExactly("aaaaaa", "cccccc", "eeeeee", "ffffff");
    assertThat(candidates("\"key\":\"k2\",\"size\":7"))
        .containsExactly("bbbbbb", "cccccc", "dddddd", "eeeeee", "ffffff");
    assertThat(candidates("\"data\":{\"key\":\"k1\"}"))
        .containsExactly("cccccc", "eeeeee", "ffffff");
  }

  private void put(String suffix, Map<String, Json> attributes) {
    ListenerId id = new ListenerId(id("demo", "greet", suffix), 1);
    commit(
        new Change.PutListener(
            new ListenerRecord(
                id.toString(),
                "demo",
                new ListenerRecord.Owner.OfInstance(id),
                0,
                Instant.EPOCH,
                List.of(new EventFilter("go", attributes)),
                false,
                Optional.empty(),
                List.of(),
                Json.NULL)));
  }

  private List<String> candidates(String attributes) {
    Json event = Json.parse("{\"id\":\"1\",\"source\":\"s\",\"type\":\"go\"," + attributes + "}");
    return store.waits().candidates("demo", new CloudEvent((JsonObject) event)).stream()
        .map(listener -> listener.id().substring("demo/greet/".length()).replace(":1", ""))
        .toList();
  }

  @Test
  void keepsTheListenersOfATableOfTheFirstRelease() throws Exception {
    put("aaaaaa", Map.of("key", Json.of("k1")));
    store.close();
    execute("CREATE TABLE listener_type (namespace TEXT, type TEXT, listener TEXT)");
    execute("INSERT INTO listener_type SELECT namespace, type, listener FROM listener_key");
    execute("DROP TABLE listener_key");
    execute("DROP INDEX instance_by_namespace");
    execute("DROP INDEX instance_living");
    execute("ALTER TABLE instance DROP COLUMN root");
    execute("PRAGMA user_version = 1");

    store = open();

    assertThat(candidates("\"key\":\"k1\"")).containsExactly("aaaaaa");
  }

  @Test
  void makesFilesThatOnlyTheirOwnerReads() throws IOException {
    Path fresh = folder.resolve("fresh");
    try (Store made = SqlStore.open(fresh, Runnable::run)) {
      made.commit(List.of(new Change.CreateNamespace(namespace("demo")))).join();

      assertThat(mode(fresh)).isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(fresh)) {
        assertThat(files)
            .hasSizeGreaterThan(2)
            .allSatisfy(file ->
                assertThat(mode(file))
                    .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
      }
    }
  }

  @Test
  void removesTheLibraryThatAKilledProcessLeft() throws IOException {
    Path fresh = folder.resolve("fresh");
    Path unpacked = Files.createDirectories(fresh.resolve("native"));
    Path left = Files.createFile(unpacked.resolve("sqlite-3.54.1.0-0000-libsqlitejdbc.so"));
    Path lock = Files.createFile(unpacked.resolve(left.getFileName() + ".lck"));

    SqlStore.open(fresh, Runnable::run).close();

    assertThat(left).doesNotExist();
    assertThat(lock).doesNotExist();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void writesWhatWasAcceptedWhenItCloses() {
    List<CompletableFuture<Void>> calls = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      calls.add(store.commit(List.of(new Change.CreateNamespace(namespace("n" + i)))));
    }
    store.close();

    assertThat(calls).allMatch(call -> call.isDone() && !call.isCompletedExceptionally());
    store = open();
    assertThat(store.definitions().namespaces(io.direktiv.store.Page.ALL).total()).isEqualTo(501);
  }

  @Test
  void gathersManyCommitsIntoFewFlushes() {
    long before = store.statistics().flushes();
    CompletableFuture<?>[] calls = new CompletableFuture<?>[2_000];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = store.commit(List.of(new Change.CreateNamespace(namespace("n" + i))));
    }
    CompletableFuture.allOf(calls).join();

    assertThat(store.statistics().commits()).isGreaterThanOrEqualTo(2_000);
    assertThat(store.statistics().flushes() - before).isLessThan(1_000);
    assertThat(store.statistics().flushNanos()).isPositive();
  }

  @Test
  void writesAgainAfterAStatementFailed() throws SQLException {
    execute(
        "CREATE TRIGGER broken BEFORE INSERT ON namespace WHEN NEW.name = 'bad' BEGIN"
            + " SELECT RAISE(ABORT, 'the disk is broken'); END");
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Void> bad =
          store.commit(List.of(new Change.CreateNamespace(namespace("bad"))));
      assertThatThrownBy(bad::join).hasCauseInstanceOf(StoreException.class);

      commit(new Change.CreateNamespace(namespace("good" + i)));
    }

    assertThat(store.definitions().namespace("good2")).isPresent();
    assertThat(store.definitions().namespace("bad")).isEmpty();
  }

  @Test
  void givesAConsistentCopyWhileItIsWritten() throws SQLException {
    Path copy = folder.resolve("copy").resolve("direktiv.db");
    List<CompletableFuture<Void>> calls = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      calls.add(store.commit(List.of(new Change.CreateNamespace(namespace("n" + i)))));
    }
    calls.get(100).join();
    assertThat(copy.getParent().toFile().mkdir()).isTrue();
    execute("VACUUM INTO '" + copy + "'");
    CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();

    try (Store restored = SqlStore.open(copy.getParent(), Runnable::run)) {
      assertThat(restored.definitions().namespace("n100")).isPresent();
      commit(new Change.CreateNamespace(namespace("after")));
      assertThat(restored.definitions().namespace("after")).isEmpty();
    }
  }

  @Test
  void isRefusedAFolderThatAnotherStoreUses() {
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "DK0003: the data folder "
                + folder
                + " is used by another server; stop it or choose another folder with --data or"
                + " DIREKTIV_DATA");
  }

  @Test
  void saysThatANewerReleaseWroteTheFolderAndLeavesItUnlocked() throws SQLException {
    store.close();
    int version = version();
    execute("PRAGMA user_version = 99");

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith(
              "DK0005: the data folder was written by a newer release (schema 99");
    }
    execute("PRAGMA user_version = " + version);
    store = open();
  }

  @Test
  void saysThatAFileIsNoDatabase() throws IOException {
    store.close();
    Files.writeString(
        folder.resolve("direktiv.db"),
        "this is not a database ".repeat(100),
        StandardOpenOption.TRUNCATE_EXISTING);

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("direktiv.db cannot be opened (")
        .hasMessageContaining("restore the data folder from a backup");
  }

  @Test
  void saysThatAFolderCannotBeWritten() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> SqlStore.open(file.resolve("data"), Runnable::run))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("DK0002: the data folder ")
        .hasMessageContaining("choose another with --data or DIREKTIV_DATA");
  }

  @Test
  void undoesAMigrationThatWasInterrupted() throws SQLException {
    store.close();
    execute("DROP TABLE counter");
    execute("CREATE TABLE counter (name TEXT)");
    execute("PRAGMA user_version = 0");

    assertThatThrownBy(this::open).isInstanceOf(StoreException.class);
    assertThatThrownBy(this::open)
        .hasMessageContaining("cannot be opened (")
        .hasMessageNotContaining("locked");
  }

  private int version() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("direktiv.db"));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("direktiv.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
