package io.direktiv.schema;

import dev.harrel.jsonschema.Dialects;
import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.FormatEvaluatorFactory;
import dev.harrel.jsonschema.JsonSchemaException;
import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// A compiled JSON schema. Immutable and safe to share between threads.
public final class Schema {
  private static final URI HERE = URI.create("urn:direktiv:schema");

  private final Json source;
  private final Validator validator;

  private Schema(Json source, Validator validator) {
    this.source = source;
    this.validator = validator;
  }

  /// Compiles `source`, draft 7 unless its `$schema` names another; `format` is enforced.
  ///
  /// @throws InvalidSchemaException when `source` is not a schema
  public static Schema compile(Json source) throws InvalidSchemaException {
    if (!(source instanceof JsonObject) && !(source instanceof JsonBoolean)) {
      throw new InvalidSchemaException("a schema is an object or a boolean, but this is " + source);
    }
    refuseOutsideReferences(source);
    Validator validator =
        new ValidatorFactory()
            .withDefaultDialect(new Dialects.Draft7Dialect())
            .withJsonNodeFactory(new SchemaNode.Factory())
            .withSchemaResolver(_ -> SchemaResolver.Result.empty())
            .withEvaluatorFactory(
                dev.harrel.jsonschema.EvaluatorFactory.compose(
                    new Patterns(), new FormatEvaluatorFactory(), new Watched()))
            .createValidator();
    try {
      validator.registerSchema(HERE, source);
      Schema schema = new Schema(source, validator);
      schema.violations(Json.NULL);
      return schema;
    } catch (dev.harrel.jsonschema.InvalidSchemaException e) {
      throw new InvalidSchemaException(first(e));
    } catch (JsonSchemaException | IllegalArgumentException | ClassCastException e) {
      throw new InvalidSchemaException(String.valueOf(e.getMessage()));
    } catch (Budget.SpentException e) {
      throw new InvalidSchemaException(e.getMessage() + " for any value");
    } catch (StackOverflowError e) {
      throw new InvalidSchemaException(
          "the schema is nested too deep or refers to itself without an end");
    }
  }

  private static String first(dev.harrel.jsonschema.InvalidSchemaException e) {
    List<Error> errors = e.getErrors();
    if (errors.isEmpty()) {
      return String.valueOf(e.getMessage());
    }
    Error deepest = errors.getFirst();
    for (Error error : errors) {
      boolean isDeeper =
          error.getInstanceLocation().length() > deepest.getInstanceLocation().length();
      deepest = isDeeper ? error : deepest;
    }
    String at = deepest.getInstanceLocation();
    return (at.isEmpty() ? "the schema" : "\"" + at + "\"") + ": " + deepest.getError();
  }

  /// Nothing is ever fetched, so a reference to another place can never be followed.
  private static void refuseOutsideReferences(Json source) throws InvalidSchemaException {
    Deque<Json> open = new ArrayDeque<>(List.of(source));
    while (!open.isEmpty()) {
      Json at = open.pop();
      if (at instanceof JsonArray array) {
        array.forEach(open::push);
      }
      if (at instanceof JsonObject object) {
        object.toMap().values().forEach(open::push);
        if (object.get("$ref") instanceof JsonString(String ref) && isOutside(ref)) {
          throw new InvalidSchemaException(
              "\""
                  + ref
                  + "\" refers to a schema elsewhere, which is not fetched; put it into"
                  + " \"definitions\" and refer to \"#/definitions/...\"");
        }
      }
    }
  }

  private static boolean isOutside(String ref) {
    boolean isUrl = ref.startsWith("http:") || ref.startsWith("https:") || ref.startsWith("file:");
    return isUrl
        && !ref.startsWith("http://json-schema.org/")
        && !ref.startsWith("https://json-schema.org/");
  }

  /// The schema as it was written.
  public Json source() {
    return source;
  }

  /// What is wrong with `value`, in document order; empty when it is valid.
  public List<Violation> validate(Json value) {
    try {
      return violations(value);
    } catch (Budget.SpentException e) {
      return List.of(new Violation("", e.getMessage() + " for this value"));
    } catch (StackOverflowError e) {
      return List.of(new Violation("", "the value is nested too deep for the schema"));
    }
  }

  private List<Violation> violations(Json value) {
    Validator.Result result =
        Budget.within(() -> validator.validate(HERE, new SchemaNode(value, "")));
    if (result.isValid()) {
      return List.of();
    }
    List<Violation> violations = new ArrayList<>();
    for (Error error : result.getErrors()) {
      violations.add(new Violation(error.getInstanceLocation(), error.getError()));
    }
    return violations.isEmpty()
        ? List.of(new Violation("", "the value does not fit the schema"))
        : List.copyOf(violations);
  }

  /// One violated rule.
  ///
  /// @param place JSON pointer of the offending value, empty for the whole
  /// @param message what is wrong, one sentence
  public record Violation(String place, String message) {}
}
