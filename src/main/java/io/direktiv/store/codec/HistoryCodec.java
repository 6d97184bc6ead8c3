package io.direktiv.store.codec;

import io.direktiv.engine.LogLine;
import io.direktiv.engine.Visit;
import io.direktiv.engine.WorkflowError;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The stored form of history and logs, version 1.
public final class HistoryCodec {
  private HistoryCodec() {}

  /// Log lines as `[[micros, level, message], …]`, with the stream behind that where there is one.
  public static JsonArray encodeLogs(List<LogLine> lines) {
    List<Json> out = new ArrayList<>(lines.size());
    for (LogLine line : lines) {
      List<Json> entry = new ArrayList<>(4);
      entry.add(InstanceCodec.time(line.at()));
      entry.add(Json.of((long) line.level().ordinal()));
      entry.add(Json.of(line.message()));
      line.stream().ifPresent(stream -> entry.add(Json.of((long) stream.ordinal())));
      out.add(JsonArray.of(entry));
    }
    return JsonArray.of(out);
  }

  /// The lines that [#encodeLogs] wrote.
  public static List<LogLine> decodeLogs(Json in) {
    List<LogLine> lines = new ArrayList<>();
    for (Json entry : (JsonArray) in) {
      JsonArray line = (JsonArray) entry;
      JsonObject named =
          JsonObject.builder()
              .put("at", line.get(0))
              .put("level", line.get(1))
              .put("message", line.get(2))
              .build();
      Optional<LogLine.Stream> stream =
          line.size() > 3 && line.get(3) instanceof JsonNumber number
              ? Optional.of(LogLine.Stream.values()[(int) number.longValue()])
              : Optional.empty();
      lines.add(
          new LogLine(
              InstanceCodec.instant(named, "at"),
              LogLine.Level.values()[(int) InstanceCodec.number(named, "level")],
              InstanceCodec.text(named, "message"),
              stream));
    }
    return lines;
  }

  /// Visits as JSON.
  public static JsonArray encodeVisits(List<Visit> visits) {
    return JsonArray.of(visits.stream().map(HistoryCodec::encode).toList());
  }

  /// The visits that [#encodeVisits] wrote.
  public static List<Visit> decodeVisits(Json in) {
    List<Visit> visits = new ArrayList<>();
    ((JsonArray) in).forEach(visit -> visits.add(decode((JsonObject) visit)));
    return visits;
  }

  private static Json encode(Visit visit) {
    JsonObject.Builder out =
        JsonObject.builder()
            .put("step", visit.step())
            .put("state", visit.state())
            .put("type", visit.type())
            .put("attempt", visit.attempt())
            .put("entered", InstanceCodec.time(visit.enteredAt()))
            .put("left", InstanceCodec.time(visit.leftAt()))
            .put("result", visit.result().name());
    visit.data().ifPresent(data -> out.put("data", data));
    visit.error().ifPresent(error -> out.put("code", error.code()).put("message", error.message()));
    visit.next().ifPresent(next -> out.put("next", next));
    return out.build();
  }

  private static Visit decode(JsonObject in) {
    return new Visit(
        (int) InstanceCodec.number(in, "step"),
        InstanceCodec.text(in, "state"),
        InstanceCodec.text(in, "type"),
        (int) InstanceCodec.number(in, "attempt"),
        InstanceCodec.instant(in, "entered"),
        InstanceCodec.instant(in, "left"),
        Visit.Result.valueOf(InstanceCodec.text(in, "result")),
        Optional.ofNullable(in.get("data")),
        in.has("code")
            ? Optional.of(
                new WorkflowError(
                    InstanceCodec.text(in, "code"), InstanceCodec.text(in, "message")))
            : Optional.empty(),
        in.has("next") ? Optional.of(InstanceCodec.text(in, "next")) : Optional.empty());
  }
}
