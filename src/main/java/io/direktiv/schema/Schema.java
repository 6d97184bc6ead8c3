package io.direktiv.schema;

import dev.harrel.jsonschema.Dialects;
import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.FormatEvaluatorFactory;
import dev.harrel.jsonschema.JsonSchemaException;
import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import io.direktiv.json.Json;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
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
    Validator validator =
        new ValidatorFactory()
            .withDefaultDialect(new Dialects.Draft7Dialect())
            .withJsonNodeFactory(new SchemaNode.Factory())
            .withSchemaResolver(_ -> SchemaResolver.Result.empty())
            .withEvaluatorFactory(
                dev.harrel.jsonschema.EvaluatorFactory.compose(
                    new Patterns(), new FormatEvaluatorFactory()))
            .createValidator();
    try {
      validator.registerSchema(HERE, source);
      Schema schema = new Schema(source, validator);
      schema.validate(Json.NULL);
      return schema;
    } catch (JsonSchemaException | IllegalArgumentException | ClassCastException e) {
      throw new InvalidSchemaException(String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      throw new InvalidSchemaException("the schema refers to itself without an end");
    }
  }

  /// The schema as it was written.
  public Json source() {
    return source;
  }

  /// What is wrong with `value`, in document order; empty when it is valid.
  public List<Violation> validate(Json value) {
    Validator.Result result = validator.validate(HERE, new SchemaNode(value, ""));
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
