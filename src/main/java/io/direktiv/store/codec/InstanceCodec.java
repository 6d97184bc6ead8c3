package io.direktiv.store.codec;

import io.direktiv.engine.ActionId;
import io.direktiv.engine.Activity;
import io.direktiv.engine.Failure;
import io.direktiv.engine.Instance;
import io.direktiv.engine.InstanceId;
import io.direktiv.engine.Invoker;
import io.direktiv.engine.Outcome;
import io.direktiv.engine.Status;
import io.direktiv.engine.WorkflowError;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.CloudEvent;
import io.direktiv.model.EventFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The stored form of an instance, version 1. Outcomes of branches are stored beside it.
public final class InstanceCodec {
  private InstanceCodec() {}

  /// The record as JSON.
  public static JsonObject encode(Instance instance) {
    JsonObject.Builder out =
        JsonObject.builder()
            .put("v", 1)
            .put("id", instance.id().toString())
            .put("workflow", instance.workflow())
            .put("revision", instance.revision())
            .put("invoker", encode(instance.invoker()))
            .put("input", instance.input())
            .put("began", time(instance.beganAt()))
            .put("sequence", instance.sequence())
            .put("state", instance.stateId())
            .put("step", instance.step())
            .put("flow", texts(instance.flow()));
    if (!instance.data().equals(instance.input())) {
      out.put("data", instance.data());
    }
    out.put("attempt", instance.attempt())
        .put("entered", time(instance.enteredAt()))
        .put("activity", encode(instance.activity()));
    instance.raised().ifPresent(error -> out.put("raised", encode(error)));
    instance.ending().ifPresent(ending -> out.put("ending", encode(ending)));
    return out.build();
  }

  /// The instance of a record.
  public static Instance decode(JsonObject in) {
    if (number(in, "v") != 1) {
      throw new IllegalStateException(
          "instance record of version " + in.get("v") + ", but this release reads version 1");
    }
    JsonObject input = (JsonObject) in.get("input");
    return new Instance(
        InstanceId.parse(text(in, "id")).orElseThrow(),
        text(in, "workflow"),
        (int) number(in, "revision"),
        decodeInvoker((JsonObject) in.get("invoker")),
        input,
        instant(in, "began"),
        number(in, "sequence"),
        text(in, "state"),
        (int) number(in, "step"),
        texts(in.get("flow")),
        in.has("data") ? (JsonObject) in.get("data") : input,
        (int) number(in, "attempt"),
        instant(in, "entered"),
        decodeActivity((JsonObject) in.get("activity")),
        optional(in, "raised", InstanceCodec::decodeError),
        optional(in, "ending", InstanceCodec::decodeEnding));
  }

  /// An outcome as JSON.
  public static JsonObject encode(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Returned(Json result) -> JsonObject.of("result", result);
      case Outcome.Failed(Failure failure) ->
          encode(failure.error()).with("kind", Json.of(failure.kind().name()));
    };
  }

  /// The outcome that [#encode(Outcome)] wrote.
  public static Outcome decodeOutcome(JsonObject in) {
    if (in.has("result")) {
      return new Outcome.Returned(in.get("result"));
    }
    return new Outcome.Failed(new Failure(decodeError(in), Failure.Kind.valueOf(text(in, "kind"))));
  }

  /// Filters as JSON.
  public static JsonArray encodeFilters(List<EventFilter> filters) {
    return JsonArray.of(
        filters.stream()
            .map(filter ->
                JsonObject.builder()
                    .put("type", filter.type())
                    .put("attributes", JsonObject.of(filter.attributes()))
                    .build())
            .toList());
  }

  /// The filters that [#encodeFilters] wrote.
  public static List<EventFilter> decodeFilters(Json in) {
    List<EventFilter> filters = new ArrayList<>();
    for (Json filter : (JsonArray) in) {
      JsonObject object = (JsonObject) filter;
      filters.add(
          new EventFilter(text(object, "type"), ((JsonObject) object.get("attributes")).toMap()));
    }
    return filters;
  }

  /// The word for an invoker in lists: `api`, `cron`, `cloudevent` or `instance:<id>`.
  public static String word(Invoker invoker) {
    return switch (invoker) {
      case Invoker.Api _ -> "api";
      case Invoker.Cron _ -> "cron";
      case Invoker.Events _ -> "cloudevent";
      case Invoker.Subflow(ActionId caller, _, _, _, _) -> "instance:" + caller.instance();
    };
  }

  private static JsonObject encode(Invoker invoker) {
    return switch (invoker) {
      case Invoker.Api _ -> JsonObject.of("by", Json.of("api"));
      case Invoker.Cron _ -> JsonObject.of("by", Json.of("cron"));
      case Invoker.Events(List<String> ids) -> JsonObject.of("events", texts(ids));
      case Invoker.Subflow(
              ActionId caller,
              InstanceId root,
              String state,
              int depth,
              boolean isAwaited) -> {
        JsonObject.Builder out =
            JsonObject.builder()
                .put("caller", caller.toString())
                .put("state", state)
                .put("depth", depth)
                .put("awaited", isAwaited);
        if (!root.equals(caller.instance())) {
          out.put("root", root.toString());
        }
        yield out.build();
      }
    };
  }

  private static Invoker decodeInvoker(JsonObject in) {
    if (in.has("by")) {
      return text(in, "by").equals("cron") ? new Invoker.Cron() : new Invoker.Api();
    }
    if (in.has("events")) {
      return new Invoker.Events(texts(in.get("events")));
    }
    ActionId caller = ActionId.parse(text(in, "caller")).orElseThrow();
    return new Invoker.Subflow(
        caller,
        optional(in, "root").orElse(caller.instance()),
        text(in, "state"),
        (int) number(in, "depth"),
        in.get("awaited") == Json.TRUE);
  }

  private static JsonObject encode(Activity activity) {
    return switch (activity) {
      case Activity.Ready _ -> JsonObject.of("is", Json.of("ready"));
      case Activity.Sleeping _ -> JsonObject.of("is", Json.of("sleeping"));
      case Activity.Retrying _ -> JsonObject.of("is", Json.of("retrying"));
      case Activity.Acting(List<Activity.Branch> branches, int running, int finished) ->
          JsonObject.builder()
              .put("is", "acting")
              .put("branches", JsonArray.of(branches.stream().map(InstanceCodec::encode).toList()))
              .put("running", running)
              .put("finished", finished)
              .build();
      case Activity.Listening(
              List<EventFilter> filters,
              List<Optional<CloudEvent>> received,
              Optional<Json> result) -> {
        JsonObject.Builder out =
            JsonObject.builder()
                .put("is", "listening")
                .put("filters", encodeFilters(filters))
                .put(
                    "received",
                    JsonArray.of(
                        received.stream()
                            .map(event -> event.<Json>map(CloudEvent::json).orElse(Json.NULL))
                            .toList()));
        result.ifPresent(value -> out.put("result", value));
        yield out.build();
      }
    };
  }

  private static Json encode(Activity.Branch branch) {
    if (branch.data().isEmpty()) {
      return Json.of(branch.isStarted());
    }
    return JsonArray.of(Json.of(branch.isStarted()), branch.data().get());
  }

  private static Activity decodeActivity(JsonObject in) {
    return switch (text(in, "is")) {
      case "ready" -> new Activity.Ready();
      case "sleeping" -> new Activity.Sleeping();
      case "retrying" -> new Activity.Retrying();
      case "acting" -> {
        List<Activity.Branch> branches = new ArrayList<>();
        ((JsonArray) in.get("branches")).forEach(branch -> branches.add(decodeBranch(branch)));
        yield new Activity.Acting(
            branches, (int) number(in, "running"), (int) number(in, "finished"));
      }
      case "listening" -> {
        List<Optional<CloudEvent>> received = new ArrayList<>();
        for (Json event : (JsonArray) in.get("received")) {
          received.add(
              event instanceof JsonObject object
                  ? Optional.of(new CloudEvent(object))
                  : Optional.empty());
        }
        yield new Activity.Listening(
            decodeFilters(in.get("filters")), received, Optional.ofNullable(in.get("result")));
      }
      default -> throw new IllegalStateException("unknown activity " + in.get("is"));
    };
  }

  private static Activity.Branch decodeBranch(Json in) {
    if (in instanceof JsonArray array) {
      return new Activity.Branch(
          Optional.of(array.get(1)), array.get(0) == Json.TRUE, Optional.empty());
    }
    return new Activity.Branch(Optional.empty(), in == Json.TRUE, Optional.empty());
  }

  private static JsonObject encode(WorkflowError error) {
    return JsonObject.builder().put("code", error.code()).put("message", error.message()).build();
  }

  private static WorkflowError decodeError(JsonObject in) {
    return new WorkflowError(text(in, "code"), text(in, "message"));
  }

  private static JsonObject encode(Instance.Ending ending) {
    JsonObject.Builder out =
        JsonObject.builder().put("status", ending.status().word()).put("at", time(ending.at()));
    ending.output().ifPresent(output -> out.put("output", output));
    ending.error().ifPresent(error -> out.put("error", encode(error)));
    return out.build();
  }

  private static Instance.Ending decodeEnding(JsonObject in) {
    return new Instance.Ending(
        Status.parse(text(in, "status")).orElseThrow(),
        instant(in, "at"),
        Optional.ofNullable(in.get("output")),
        optional(in, "error", InstanceCodec::decodeError));
  }

  private static Optional<InstanceId> optional(JsonObject in, String key) {
    return in.has(key) ? InstanceId.parse(text(in, key)) : Optional.empty();
  }

  private static <T> Optional<T> optional(
      JsonObject in, String key, Function<JsonObject, T> decode) {
    return Optional.ofNullable(in.get(key)).map(JsonObject.class::cast).map(decode);
  }

  static JsonArray texts(List<String> texts) {
    return JsonArray.of(texts.stream().map(Json::of).toList());
  }

  static List<String> texts(Json in) {
    List<String> texts = new ArrayList<>();
    ((JsonArray) in).forEach(text -> texts.add(((JsonString) text).value()));
    return texts;
  }

  static String text(JsonObject in, String key) {
    return ((JsonString) in.get(key)).value();
  }

  static long number(JsonObject in, String key) {
    return ((JsonNumber) in.get(key)).longValue();
  }

  /// Microseconds since 1970.
  static Json time(Instant at) {
    return Json.of(at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000);
  }

  static Instant instant(JsonObject in, String key) {
    long micros = number(in, key);
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }
}
