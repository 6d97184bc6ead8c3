package io.direktiv.schema;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.SimpleType;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A value of ours as the validator wants to see it.
///
/// @param pointer JSON pointer of the value in its document
record SchemaNode(Json value, String pointer) implements JsonNode {
  /// Numbers with more digits before or after the point count as the nearest double: written out
  /// they could take all memory.
  private static final int EXPONENT_MAX = 1_000;

  /// Wraps values of ours; text is read as JSON.
  static final class Factory implements JsonNodeFactory {
    @Override
    public JsonNode wrap(Object node) {
      return node instanceof SchemaNode wrapped ? wrapped : new SchemaNode((Json) node, "");
    }

    @Override
    public JsonNode create(String rawJson) {
      return new SchemaNode(Json.parse(rawJson), "");
    }
  }

  @Override
  public String getJsonPointer() {
    Budget.look();
    return pointer;
  }

  @Override
  public SimpleType getNodeType() {
    Budget.look();
    return switch (value) {
      case JsonNull _ -> SimpleType.NULL;
      case JsonBoolean _ -> SimpleType.BOOLEAN;
      case JsonString _ -> SimpleType.STRING;
      case JsonArray _ -> SimpleType.ARRAY;
      case JsonObject _ -> SimpleType.OBJECT;
      case JsonNumber number ->
          number.doubleValue() == Math.rint(number.doubleValue())
                  && !Double.isInfinite(number.doubleValue())
              ? SimpleType.INTEGER
              : SimpleType.NUMBER;
    };
  }

  @Override
  public boolean asBoolean() {
    return ((JsonBoolean) value).value();
  }

  @Override
  public String asString() {
    return value instanceof JsonString string ? string.value() : value.toString();
  }

  @Override
  public BigInteger asInteger() {
    return asNumber().toBigInteger();
  }

  @Override
  public BigDecimal asNumber() {
    BigDecimal exact = new BigDecimal(value.toString());
    boolean isHuge = Math.abs((long) exact.precision() - exact.scale()) > EXPONENT_MAX;
    return isHuge
        ? BigDecimal.valueOf(
            Math.clamp(((JsonNumber) value).doubleValue(), -Double.MAX_VALUE, Double.MAX_VALUE))
        : exact;
  }

  @Override
  public List<JsonNode> asArray() {
    JsonArray array = (JsonArray) value;
    List<JsonNode> nodes = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      nodes.add(new SchemaNode(array.get(i), pointer + "/" + i));
    }
    return nodes;
  }

  @Override
  public Map<String, JsonNode> asObject() {
    Map<String, JsonNode> nodes = new LinkedHashMap<>();
    for (Map.Entry<String, Json> member : (JsonObject) value) {
      String key = member.getKey();
      nodes.put(
          key, new SchemaNode(member.getValue(), pointer + "/" + JsonNode.encodeJsonPointer(key)));
    }
    return nodes;
  }
}
