package io.direktiv.local;

import io.direktiv.model.Action;
import io.direktiv.model.Diagnostic;
import io.direktiv.model.Place;
import io.direktiv.model.State;
import io.direktiv.model.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What only shows when several definitions are looked at together: ids that are taken twice and
/// subflows that are nowhere.
final class Folder {
  private final Map<String, String> files = new LinkedHashMap<>();

  /// Adds the workflow of the file called `file`; the problem when its id is taken.
  Optional<Diagnostic> add(String file, String source, Workflow workflow) {
    String earlier = files.putIfAbsent(workflow.id(), file);
    if (earlier == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Diagnostic(
            Diagnostic.Severity.ERROR,
            place(source, "id", workflow.id()),
            "the workflow id \""
                + workflow.id()
                + "\" is taken by "
                + earlier
                + "; give one of them another id"));
  }

  /// A warning for each subflow of `workflow` that no file has; it may be on the server.
  List<Diagnostic> missingSubflows(String source, Workflow workflow) {
    List<Diagnostic> warnings = new ArrayList<>();
    workflow.states().stream()
        .flatMap(Folder::actions)
        .flatMap(action ->
            action.target() instanceof Action.Target.Subflow(String id) ? Stream.of(id) : null)
        .distinct()
        .filter(id -> !files.containsKey(id))
        .forEach(id ->
            warnings.add(
                new Diagnostic(
                    Diagnostic.Severity.WARNING,
                    place(source, "workflow", id),
                    "the subflow \""
                        + id
                        + "\" is in none of these files; calling it fails unless the namespace has"
                        + " it")));
    return warnings;
  }

  private static Stream<Action> actions(State state) {
    return switch (state) {
      case State.Act act -> Stream.of(act.action());
      case State.Foreach foreach -> Stream.of(foreach.action());
      case State.Parallel parallel -> parallel.actions().stream();
      case State.Callback callback -> Stream.of(callback.action());
      case State.Noop _,
          State.Switch _,
          State.Validate _,
          State.Delay _,
          State.Raise _,
          State.ConsumeEvent _,
          State.EventXor _,
          State.EventAnd _,
          State.GenerateEvent _,
          State.Getter _,
          State.Setter _ ->
          Stream.empty();
    };
  }

  /// Where `key` has the value `value` for the first time, else the beginning.
  private static Place place(String source, String key, String value) {
    Matcher matcher =
        Pattern.compile(
                "(?i)(?:^|[\\s,{\"'])"
                    + key
                    + "[\"']?\\s*:\\s*[\"']?("
                    + Pattern.quote(value)
                    + ")",
                Pattern.MULTILINE)
            .matcher(source);
    if (!matcher.find()) {
      return Place.START;
    }
    String before = source.substring(0, matcher.start(1));
    String last = before.substring(before.lastIndexOf('\n') + 1);
    return new Place(
        (int) before.chars().filter(c -> c == '\n').count() + 1,
        last.codePointCount(0, last.length()) + 1);
  }
}
