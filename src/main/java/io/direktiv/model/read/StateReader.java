package io.direktiv.model.read;

import io.direktiv.model.Action;
import io.direktiv.model.EventPattern;
import io.direktiv.model.Expression;
import io.direktiv.model.IsoDuration;
import io.direktiv.model.State;
import io.direktiv.model.StateBase;
import io.direktiv.model.VariableScope;
import io.direktiv.schema.InvalidSchemaException;
import io.direktiv.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Reads one state.
final class StateReader {
  static final List<String> TYPES =
      List.of(
          "noop",
          "action",
          "switch",
          "validate",
          "delay",
          "error",
          "foreach",
          "parallel",
          "consumeEvent",
          "eventXor",
          "eventAnd",
          "generateEvent",
          "callback",
          "getter",
          "setter");

  private final ExpressionReader expressions;
  private final ActionReader actions;
  private final EventReader events;
  private final Map<String, Schema> schemas;
  private final Set<String> states;

  StateReader(
      ExpressionReader expressions,
      ActionReader actions,
      EventReader events,
      Map<String, Schema> schemas,
      Set<String> states) {
    this.expressions = expressions;
    this.actions = actions;
    this.events = events;
    this.schemas = schemas;
    this.states = states;
  }

  /// A field that names a state, which must exist.
  static Optional<String> transition(Fields fields, String name, Set<String> states) {
    Optional<String> transition = fields.text(name).filter(target -> !target.isEmpty());
    if (transition.isPresent() && !states.contains(transition.get())) {
      fields.error(
          fields.place(name),
          fields.what()
              + " '"
              + name
              + "' transition '"
              + transition.get()
              + "' does not exist"
              + Nearest.hint(transition.get(), states));
    }
    return transition;
  }

  /// The state in `fields`, whose id was checked; empty after a problem.
  Optional<State> read(Fields fields, String id) {
    Optional<String> type = fields.required("type", fields.what() + ": type required");
    String normal = Fields.normal(type.orElse("")).replace("events", "event");
    boolean isKnown = TYPES.stream().anyMatch(known -> Fields.normal(known).equals(normal));
    if (type.isPresent() && !isKnown) {
      fields.error(
          fields.place("type"),
          fields.what()
              + ": unknown state type \""
              + Fields.shorten(type.get())
              + "\""
              + Nearest.hint(type.get(), TYPES));
    }
    StateBase base = base(fields, id, normal);
    Optional<State> state = isKnown ? read(fields, base, normal) : ofAnyType(fields);
    fields.finish();
    return state;
  }

  /// Checks what a state of unknown type has, as far as it means the same in every type.
  private Optional<State> ofAnyType(Fields fields) {
    expressions.lenientQuery(fields, "array");
    expressions.queryOrValue(fields, "subject");
    expressions.query(fields, "defaultTransform");
    transition(fields, "defaultTransition", states);
    fields.duration("duration");
    fields.duration("timeout");
    if (fields.node("action").isPresent()) {
      actions.action(fields, fields.what() + " actions");
    }
    if (fields.node("actions").isPresent()) {
      branches(fields);
    }
    if (fields.node("conditions").isPresent()) {
      conditions(fields);
    }
    for (String meansMore : List.of("schema", "error", "message", "args", "event", "events")) {
      fields.node(meansMore);
    }
    for (String meansMore : List.of("async", "concurrency", "default", "mode", "variables")) {
      fields.node(meansMore);
    }
    return Optional.empty();
  }

  private StateBase base(Fields fields, String id, String type) {
    boolean isSwitch = type.equals("switch");
    boolean isXor = type.equals("eventxor");
    Optional<Expression> transform =
        isSwitch || isXor ? Optional.empty() : expressions.query(fields, "transform");
    Optional<String> transition =
        isSwitch || isXor ? Optional.empty() : transition(fields, "transition", states);
    return new StateBase(
        id,
        expressions.query(fields, "log"),
        transform,
        transition,
        actions.catchers(fields, states),
        actions.retry(fields, "retries"));
  }

  private Optional<State> read(Fields fields, StateBase base, String type) {
    return switch (type) {
      case "noop" -> Optional.of(new State.Noop(base));
      case "action" -> action(fields, base);
      case "switch" -> choice(fields, base);
      case "validate" -> validate(fields, base);
      case "delay" -> delay(fields, base);
      case "error" -> raise(fields, base);
      case "foreach" -> foreach(fields, base);
      case "parallel" -> parallel(fields, base);
      case "consumeevent" -> consume(fields, base);
      case "eventxor" -> xor(fields, base);
      case "eventand" -> and(fields, base);
      case "generateevent" -> generate(fields, base);
      case "callback" -> callback(fields, base);
      case "getter" -> getter(fields, base);
      case "setter" -> setter(fields, base);
      default -> throw new IllegalStateException(type);
    };
  }

  private Optional<State> action(Fields fields, StateBase base) {
    boolean isAsync = fields.bool("async").orElse(false);
    Optional<IsoDuration> timeout = fields.duration("timeout");
    return actions
        .action(fields, fields.what() + " actions")
        .map(action -> new State.Act(base, action, isAsync, timeout));
  }

  private Optional<State> choice(Fields fields, StateBase base) {
    List<State.Condition> conditions = conditions(fields);
    if (fields.node("default").isPresent()) {
      fields
          .context()
          .problems()
          .warning(
              fields.keyPlace("default"),
              fields.what() + ": \"default\" does nothing; use \"defaultTransition\"");
    }
    return Optional.of(
        new State.Switch(
            base,
            conditions,
            expressions.query(fields, "defaultTransform"),
            transition(fields, "defaultTransition", states)));
  }

  private List<State.Condition> conditions(Fields fields) {
    List<State.Condition> conditions = new ArrayList<>();
    List<Node> nodes = fields.requiredList("conditions", fields.what() + ": conditions required");
    for (int i = 0; i < nodes.size(); i++) {
      Fields.of(fields.context(), fields.what() + " conditions[" + i + "]", nodes.get(i))
          .flatMap(this::condition)
          .ifPresent(conditions::add);
    }
    return conditions;
  }

  private Optional<State.Condition> condition(Fields fields) {
    if (fields.node("condition").isEmpty()) {
      fields.error(fields.place(), fields.what() + ": condition required");
    }
    Optional<Expression> condition = expressions.lenientQuery(fields, "condition");
    Optional<Expression> transform = expressions.query(fields, "transform");
    Optional<String> transition = transition(fields, "transition", states);
    fields.finish();
    return condition.map(c -> new State.Condition(c, transform, transition));
  }

  private Optional<State> validate(Fields fields, StateBase base) {
    Optional<Expression> subject = expressions.queryOrValue(fields, "subject");
    Optional<Node> node = fields.node("schema");
    if (node.isEmpty()) {
      fields.error(fields.place(), fields.what() + ": schema required");
      return Optional.empty();
    }
    if (node.get() instanceof ScalarNode scalar && !isBoolean(scalar)) {
      Schema schema = schemas.get(scalar.getValue());
      if (schema == null) {
        fields.error(
            fields.place("schema"),
            fields.what()
                + ": schema \""
                + Fields.shorten(scalar.getValue())
                + "\" does not exist"
                + Nearest.hint(scalar.getValue(), schemas.keySet()));
      }
      return Optional.ofNullable(schema).map(s -> new State.Validate(base, subject, s));
    }
    return schema(fields, node.get()).map(s -> new State.Validate(base, subject, s));
  }

  private static boolean isBoolean(ScalarNode scalar) {
    return scalar.getTag().equals(org.snakeyaml.engine.v2.nodes.Tag.BOOL);
  }

  /// Compiles an inline schema; empty after a problem.
  static Optional<Schema> schema(Fields fields, Node node) {
    try {
      return Optional.of(Schema.compile(ExpressionReader.json(node)));
    } catch (InvalidSchemaException e) {
      fields.error(YamlText.place(node), fields.what() + ": invalid schema: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<State> delay(Fields fields, StateBase base) {
    if (fields.node("duration").isEmpty()) {
      fields.error(fields.place(), fields.what() + ": duration required");
    }
    return fields.duration("duration").map(duration -> new State.Delay(base, duration));
  }

  private Optional<State> raise(Fields fields, StateBase base) {
    Optional<String> error = fields.required("error", fields.what() + ": error required");
    Optional<String> message = fields.required("message", fields.what() + ": message required");
    List<Expression> args = new ArrayList<>();
    for (Node node : fields.list("args")) {
      args.add(
          node instanceof ScalarNode scalar
              ? expressions.query(fields.what(), "args", scalar, false)
              : expressions.value(fields.what(), "args", node));
    }
    if (error.isEmpty() || message.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new State.Raise(base, error.get(), message.get(), args));
  }

  private Optional<State> foreach(Fields fields, StateBase base) {
    if (fields.node("array").isEmpty()) {
      fields.error(fields.place(), fields.what() + ": array required");
    }
    Optional<Expression> array = expressions.lenientQuery(fields, "array");
    Optional<IsoDuration> timeout = fields.duration("timeout");
    Optional<Integer> concurrency = fields.integer("concurrency", 1, 100_000);
    Optional<Action> action = actions.action(fields, fields.what() + " actions");
    if (array.isEmpty() || action.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new State.Foreach(base, array.get(), action.get(), timeout, concurrency));
  }

  private Optional<State> parallel(Fields fields, StateBase base) {
    List<Action> branches = branches(fields);
    State.Mode mode = State.Mode.AND;
    Optional<String> word = fields.text("mode");
    if (word.isPresent()) {
      mode = word.get().equalsIgnoreCase("or") ? State.Mode.OR : State.Mode.AND;
      if (!word.get().equalsIgnoreCase("or") && !word.get().equalsIgnoreCase("and")) {
        fields.error(
            fields.place("mode"),
            fields.what() + ": mode must be \"and\" or \"or\", but it is \"" + word.get() + "\"");
      }
    }
    return Optional.of(
        new State.Parallel(
            base,
            branches,
            mode,
            fields.duration("timeout"),
            fields.integer("concurrency", 1, 100_000)));
  }

  private List<Action> branches(Fields fields) {
    List<Action> branches = new ArrayList<>();
    List<Node> nodes = fields.requiredList("actions", fields.what() + ": actions required");
    for (int i = 0; i < nodes.size(); i++) {
      actions
          .action(fields.context(), fields.what() + " actions[" + i + "]", nodes.get(i))
          .ifPresent(branches::add);
    }
    return branches;
  }

  private Optional<EventPattern> event(Fields fields) {
    Optional<Node> node = fields.node("event");
    if (node.isEmpty()) {
      fields.error(fields.place(), fields.what() + ": event required");
      return Optional.empty();
    }
    return events.pattern(fields.context(), fields.what() + " event", node.get());
  }

  private Optional<State> consume(Fields fields, StateBase base) {
    Optional<IsoDuration> timeout = fields.duration("timeout");
    return event(fields).map(event -> new State.ConsumeEvent(base, event, timeout));
  }

  /// The entries of an event state: `event: {type, …}`, or its fields directly as in later
  /// releases.
  private List<Fields> entries(Fields fields) {
    List<Fields> entries = new ArrayList<>();
    List<Node> nodes =
        fields.requiredList("events", fields.what() + ": atleast one event is required");
    for (int i = 0; i < nodes.size(); i++) {
      Fields.of(fields.context(), fields.what() + " events[" + i + "]", nodes.get(i))
          .ifPresent(entries::add);
    }
    return entries;
  }

  private Optional<State> xor(Fields fields, StateBase base) {
    List<State.EventBranch> branches = new ArrayList<>();
    for (Fields entry : entries(fields)) {
      Optional<Expression> transform = expressions.query(entry, "transform");
      Optional<String> transition = transition(entry, "transition", states);
      event(entry)
          .ifPresent(event -> branches.add(new State.EventBranch(event, transform, transition)));
      entry.finish();
    }
    return Optional.of(new State.EventXor(base, branches, fields.duration("timeout")));
  }

  private Optional<State> and(Fields fields, StateBase base) {
    List<EventPattern> patterns = new ArrayList<>();
    List<Node> nodes = fields.list("events");
    List<Fields> entries = entries(fields);
    for (int i = 0; i < entries.size(); i++) {
      Fields entry = entries.get(i);
      if (entry.has("type")) {
        events.pattern(entry.context(), entry.what(), nodes.get(i)).ifPresent(patterns::add);
        continue;
      }
      event(entry).ifPresent(patterns::add);
      entry.node("transform");
      entry.node("transition");
      entry.finish();
    }
    return Optional.of(new State.EventAnd(base, patterns, fields.duration("timeout")));
  }

  private Optional<State> generate(Fields fields, StateBase base) {
    Optional<Node> node = fields.node("event");
    if (node.isEmpty()) {
      fields.error(fields.place(), fields.what() + ": event required");
      return Optional.empty();
    }
    return events
        .template(fields.context(), fields.what() + " event", node.get())
        .map(event -> new State.GenerateEvent(base, event));
  }

  private Optional<State> callback(Fields fields, StateBase base) {
    Optional<IsoDuration> timeout = fields.duration("timeout");
    Optional<Action> action = actions.action(fields, fields.what() + " actions");
    Optional<EventPattern> event = event(fields);
    if (action.isEmpty() || event.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new State.Callback(base, action.get(), event.get(), timeout));
  }

  private List<Fields> variables(Fields fields) {
    List<Fields> variables = new ArrayList<>();
    List<Node> nodes = fields.requiredList("variables", fields.what() + ": variables required");
    for (int i = 0; i < nodes.size(); i++) {
      Fields.of(fields.context(), fields.what() + " variables[" + i + "]", nodes.get(i))
          .ifPresent(variables::add);
    }
    return variables;
  }

  private Optional<State> getter(Fields fields, StateBase base) {
    List<State.VariableRead> reads = new ArrayList<>();
    for (Fields variable : variables(fields)) {
      Optional<String> as = variable.text("as");
      VariableScope scope = VariableFields.scope(variable);
      VariableFields.key(variable)
          .ifPresent(key -> reads.add(new State.VariableRead(scope, key, as.orElse(key))));
      variable.finish();
    }
    return Optional.of(new State.Getter(base, reads));
  }

  private Optional<State> setter(Fields fields, StateBase base) {
    List<State.VariableWrite> writes = new ArrayList<>();
    for (Fields variable : variables(fields)) {
      VariableScope scope = VariableFields.scope(variable);
      Optional<String> key = VariableFields.key(variable);
      Optional<Expression> value = expressions.query(variable, "value");
      Optional<String> mimeType = variable.text("mimeType");
      if (value.isEmpty()) {
        variable.error(variable.place(), variable.what() + ": value required");
      }
      if (key.isPresent() && value.isPresent()) {
        writes.add(new State.VariableWrite(scope, key.get(), value.get(), mimeType));
      }
      variable.finish();
    }
    return Optional.of(new State.Setter(base, writes));
  }
}
