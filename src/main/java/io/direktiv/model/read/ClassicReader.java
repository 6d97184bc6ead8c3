package io.direktiv.model.read;

import io.direktiv.model.FunctionDefinition;
import io.direktiv.model.Limits;
import io.direktiv.model.Names;
import io.direktiv.model.Place;
import io.direktiv.model.Reading;
import io.direktiv.model.State;
import io.direktiv.model.Timeouts;
import io.direktiv.model.Workflow;
import io.direktiv.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Reads the classic dialect.
public final class ClassicReader {
  private final Fields.Context context;
  private final ExpressionReader expressions;

  private ClassicReader(String yaml) {
    this.context = new Fields.Context(new YamlText(yaml), new Problems());
    this.expressions = new ExpressionReader(context);
  }

  /// Reads a definition and reports every problem in document order.
  ///
  /// @param yaml the author's text, at most [Limits#WORKFLOW_BYTES_MAX]
  public static Reading read(String yaml) {
    ClassicReader reader = new ClassicReader(yaml);
    Problems problems = reader.context.problems();
    Optional<Node> root = YamlText.parse(yaml, problems);
    if (root.isEmpty() && !problems.hasErrors()) {
      problems.error(Place.START, "the definition is empty; write at least \"id\" and \"states\"");
    }
    Optional<Workflow> workflow = root.flatMap(reader::workflow);
    return new Reading(problems.hasErrors() ? Optional.empty() : workflow, problems.sorted());
  }

  private Optional<Workflow> workflow(Node root) {
    Optional<Fields> read = Fields.of(context, "workflow", root);
    if (read.isEmpty() || isOtherDialect(read.get())) {
      return Optional.empty();
    }
    Fields fields = read.get();
    String id = id(fields);
    Map<String, FunctionDefinition> functions = new FunctionReader(context).functions(fields);
    Map<String, Schema> schemas = schemas(fields);
    Set<String> ids = stateIds(fields);
    EventReader events = new EventReader(expressions);
    ActionReader actions = new ActionReader(expressions, functions);
    StateReader reader = new StateReader(expressions, actions, events, schemas, ids);
    List<State> states = states(fields, reader);
    Workflow workflow =
        new Workflow(
            id,
            fields.text("name"),
            description(fields),
            fields.text("version"),
            new StartReader(events, ids).read(fields),
            timeouts(fields),
            functions,
            states);
    refuseSingular(fields);
    fields.finish();
    return Optional.of(workflow);
  }

  private static void refuseSingular(Fields fields) {
    if (fields.node("singular").isPresent()) {
      fields.error(
          fields.keyPlace("singular"),
          "\"singular\" of Direktiv v0.3 is not carried over; remove it, since instances of a"
              + " workflow always run beside each other here");
    }
  }

  private boolean isOtherDialect(Fields fields) {
    Optional<String> api = fields.text("direktiv_api");
    if (api.isPresent()) {
      fields.error(
          fields.keyPlace("direktiv_api"),
          "this file is written in the dialect \""
              + Fields.shorten(api.get())
              + "\", which this release does not read; without \"direktiv_api\" a file is in the"
              + " classic dialect");
    }
    return api.isPresent();
  }

  private String id(Fields fields) {
    Optional<String> id = fields.required("id", "workflow id required");
    if (id.isPresent() && !Names.ID.matcher(id.get()).matches()) {
      fields.error(
          fields.place("id"),
          "workflow ID must match regex: "
              + Names.ID
              + ", but it is \""
              + Fields.shorten(id.get())
              + "\"");
    }
    return id.orElse("");
  }

  private Optional<String> description(Fields fields) {
    Optional<String> description = fields.text("description");
    int bytes = description.orElse("").getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.DESCRIPTION_BYTES_MAX) {
      fields.error(
          fields.place("description"),
          "description is greater than max length of "
              + Limits.DESCRIPTION_BYTES_MAX
              + " bytes, it has "
              + bytes);
    }
    return description;
  }

  private Timeouts timeouts(Fields workflow) {
    Optional<Fields> read = workflow.fields("timeouts", "timeouts");
    if (read.isEmpty()) {
      return Timeouts.NONE;
    }
    Fields fields = read.get();
    Timeouts timeouts = new Timeouts(fields.duration("interrupt"), fields.duration("kill"));
    fields.finish();
    return timeouts;
  }

  private Map<String, Schema> schemas(Fields workflow) {
    Map<String, Schema> schemas = new LinkedHashMap<>();
    for (Node node : workflow.list("schemas")) {
      Optional<Fields> read = Fields.of(context, "schemas", node);
      if (read.isEmpty()) {
        continue;
      }
      Fields fields = read.get();
      Optional<String> id = fields.required("id", "schemas: id required");
      Optional<Schema> schema =
          fields.node("schema").flatMap(schemaNode -> StateReader.schema(fields, schemaNode));
      if (fields.node("schema").isEmpty()) {
        fields.error(fields.place(), "schemas: schema required");
      }
      fields.finish();
      if (id.isPresent() && schema.isPresent() && schemas.put(id.get(), schema.get()) != null) {
        fields.error(
            fields.place("id"), "schema id '" + id.get() + "' is used in more than one schema");
      }
    }
    return schemas;
  }

  /// The ids of all states, so that a transition may point forward.
  private static Set<String> stateIds(Fields workflow) {
    Set<String> ids = new LinkedHashSet<>();
    if (workflow.node("states").orElse(null) instanceof SequenceNode states) {
      for (Node state : states.getValue()) {
        if (state instanceof MappingNode mapping) {
          mapping.getValue().stream()
              .filter(tuple ->
                  tuple.getKeyNode() instanceof ScalarNode key
                      && Fields.normal(key.getValue()).equals("id"))
              .filter(tuple -> tuple.getValueNode() instanceof ScalarNode)
              .forEach(tuple -> ids.add(((ScalarNode) tuple.getValueNode()).getValue()));
        }
      }
    }
    return ids;
  }

  private List<State> states(Fields workflow, StateReader reader) {
    List<State> states = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    List<Node> nodes = workflow.requiredList("states", "states required");
    for (int i = 0; i < nodes.size(); i++) {
      Optional<Fields> read = Fields.of(context, "workflow state[" + i + "]", nodes.get(i));
      if (read.isEmpty()) {
        continue;
      }
      Fields fields = read.get();
      Optional<String> id = fields.required("id", fields.what() + ": id required");
      if (id.isPresent() && !seen.add(id.get())) {
        fields.error(
            fields.place("id"), "state id '" + id.get() + "' is used in more than one state");
      }
      reader.read(fields, id.orElse("")).ifPresent(states::add);
    }
    return states;
  }
}
