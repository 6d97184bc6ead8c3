package io.direktiv.store;

import static io.direktiv.store.Samples.NOON;
import static io.direktiv.store.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Activity;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.LogLine;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Status;
import io.direktiv.engine.Visit;
import io.direktiv.engine.WorkflowError;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.model.EventFilter;
import io.direktiv.store.codec.HistoryCodec;
import io.direktiv.store.codec.InstanceCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stored records against the files of each version. A change of the encoding needs a new version
/// with files of its own; the files of older versions stay and must be read for ever.
final class CodecTest {
  private static final Path FILES = Path.of("src/test/resources/stored");
  private static final InstanceId ID = id("demo", "greet", "aaaaaa");
  private static final JsonObject DATA =
      JsonObject.builder().put("n", 1L).put("text", "ü \"quoted\"").build();

  private static Instance instance(
      Invoker invoker, Activity activity, Optional<WorkflowError> raised) {
    return new Instance(
        ID,
        "u-1",
        3,
        invoker,
        JsonObject.of("in", Json.of("put")),
        NOON,
        7,
        "second",
        2,
        List.of("first", "second"),
        DATA,
        1,
        NOON.plusSeconds(1),
        activity,
        raised,
        Optional.empty());
  }

  private static Instance sample(String name) {
    Invoker api = new Invoker.Api();
    return switch (name) {
      case "ready" -> instance(api, new Activity.Ready(), Optional.empty());
      case "sleeping" -> instance(new Invoker.Cron(), new Activity.Sleeping(), Optional.empty());
      case "retrying" ->
          instance(
              new Invoker.Events(List.of("e1", "e2")), new Activity.Retrying(), Optional.empty());
      case "acting" ->
          instance(
              new Invoker.Subflow(new ActionId(ID, 4, 2), ID, "call", 1, true),
              new Activity.Acting(
                  List.of(
                      new Activity.Branch(Optional.empty(), true, Optional.empty()),
                      new Activity.Branch(Optional.of(Json.of(5L)), true, Optional.empty()),
                      new Activity.Branch(Optional.of(Json.NULL), false, Optional.empty())),
                  2,
                  0),
              Optional.of(new WorkflowError("my.code", "raised")));
      case "listening" ->
          instance(
              api,
              new Activity.Listening(
                  List.of(
                      new EventFilter("greeting", Map.of("source", Json.of("t*"))),
                      new EventFilter("other", Map.of())),
                  List.of(Optional.of(Samples.cloudEvent("e1")), Optional.empty()),
                  Optional.of(Json.of("result"))),
              Optional.empty());
      case "complete" -> Samples.ended(ID, 9, Status.COMPLETE, NOON.plusSeconds(2));
      case "failed" -> Samples.ended(ID, 9, Status.FAILED, NOON.plusSeconds(2));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static String file(String name, Json encoded) throws IOException {
    Path file = FILES.resolve(name);
    if (Boolean.getBoolean("stored.write") && !Files.exists(file)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, encoded + "\n");
    }
    return Files.readString(file).strip();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ready", "sleeping", "retrying", "acting", "listening", "complete", "failed"})
  void writesAndReadsInstancesOfVersionOne(String name) throws IOException {
    Instance instance = sample(name);
    String stored = file("instance-v1/" + name + ".json", InstanceCodec.encode(instance));

    assertThat(InstanceCodec.encode(instance).toString()).isEqualTo(stored);
    assertThat(InstanceCodec.decode((JsonObject) Json.parse(stored))).isEqualTo(instance);
  }

  @Test
  void writesAndReadsOutcomesOfVersionOne() throws IOException {
    List<Outcome> outcomes =
        List.of(
            new Outcome.Returned(Json.NULL),
            new Outcome.Returned(DATA),
            new Outcome.Failed(Failure.catchable("my.code", "caught")),
            new Outcome.Failed(Failure.uncatchable("my.code", "not caught")),
            new Outcome.Failed(Failure.internal("a defect")));
    JsonArray encoded = JsonArray.of(outcomes.stream().map(InstanceCodec::encode).toList());
    String stored = file("outcomes-v1.json", encoded);

    assertThat(encoded.toString()).isEqualTo(stored);
    assertThat(((JsonArray) Json.parse(stored)).toList())
        .extracting(outcome -> InstanceCodec.decodeOutcome((JsonObject) outcome))
        .isEqualTo(outcomes);
  }

  @Test
  void writesAndReadsHistoryOfVersionOne() throws IOException {
    Visit failed =
        new Visit(
            2,
            "second",
            "action",
            3,
            NOON,
            NOON.plusSeconds(1),
            Visit.Result.CAUGHT,
            Optional.empty(),
            Optional.of(new WorkflowError("my.code", "why")),
            Optional.empty());
    List<Visit> visits = List.of(Samples.visit(1), failed);
    String stored = file("visits-v1.json", HistoryCodec.encodeVisits(visits));

    assertThat(HistoryCodec.encodeVisits(visits).toString()).isEqualTo(stored);
    assertThat(HistoryCodec.decodeVisits(Json.parse(stored))).isEqualTo(visits);
  }

  @Test
  void writesAndReadsLogsOfVersionOne() throws IOException {
    List<LogLine> lines = List.of(Samples.line("hello"), LogLine.error(NOON, "line\ntwo"));
    String stored = file("logs-v1.json", HistoryCodec.encodeLogs(lines));

    assertThat(HistoryCodec.encodeLogs(lines).toString()).isEqualTo(stored);
    assertThat(HistoryCodec.decodeLogs(Json.parse(stored))).isEqualTo(lines);
  }

  @Test
  void keepsTheStreamOfALineBehindTheRest() {
    List<LogLine> lines =
        List.of(
            LogLine.printed(NOON, LogLine.Stream.STDERR, "bad"),
            LogLine.printed(NOON, LogLine.Stream.STDOUT, "good"));
    Json stored = HistoryCodec.encodeLogs(lines);

    assertThat(stored.toString()).contains("3,\"bad\",1]").contains("1,\"good\",0]");
    assertThat(HistoryCodec.decodeLogs(stored)).isEqualTo(lines);
  }

  @Test
  void refusesARecordOfALaterVersion() {
    JsonObject later = InstanceCodec.encode(sample("ready")).with("v", Json.of(2L));
    assertThatThrownBy(() -> InstanceCodec.decode(later))
        .hasMessage("instance record of version 2, but this release reads version 1");
  }
}
