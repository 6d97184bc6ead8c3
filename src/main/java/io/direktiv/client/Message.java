package io.direktiv.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Values by field name. Not safe for use by several threads while it is built.
public final class Message {
  private final Shape shape;
  private final Map<String, Object> values = new HashMap<>();

  /// A message of `shape` in which nothing is set.
  Message(Shape shape) {
    this.shape = shape;
  }

  /// What fields it may have.
  Shape shape() {
    return shape;
  }

  /// Sets a field.
  ///
  /// @param value of the class that [Field.Type] names; an [Integer] counts as [Long]
  public Message set(String field, Object value) {
    values.put(
        shape.named(field).name(), value instanceof Integer i ? (Long) i.longValue() : value);
    return this;
  }

  /// Adds to a repeated field.
  void add(Field field, Object value) {
    list(field.name()).add(value);
  }

  @SuppressWarnings("unchecked") // Repeated fields hold such lists only.
  private List<Object> list(String field) {
    return (List<Object>) values.computeIfAbsent(field, _ -> new ArrayList<>());
  }

  /// True when a field is set.
  public boolean has(String field) {
    return values.containsKey(shape.named(field).name());
  }

  /// A text; empty when it is not set.
  public String text(String field) {
    return values.get(shape.named(field).name()) instanceof String text ? text : "";
  }

  /// Bytes; none when they are not set.
  public byte[] bytes(String field) {
    return values.get(shape.named(field).name()) instanceof byte[] bytes ? bytes : new byte[0];
  }

  /// A truth; false when it is not set.
  public boolean isTrue(String field) {
    return values.get(shape.named(field).name()) instanceof Boolean bool && bool;
  }

  /// A number; 0 when it is not set.
  public long number(String field) {
    return values.get(shape.named(field).name()) instanceof Long number ? number : 0;
  }

  /// A message within this one.
  public Optional<Message> message(String field) {
    return Optional.ofNullable((Message) values.get(shape.named(field).name()));
  }

  /// Messages within this one.
  public List<Message> messages(String field) {
    return values.containsKey(shape.named(field).name())
        ? list(field).stream().map(Message.class::cast).toList()
        : List.of();
  }

  /// Texts of a repeated field.
  public List<String> texts(String field) {
    return values.containsKey(shape.named(field).name())
        ? list(field).stream().map(String.class::cast).toList()
        : List.of();
  }

  /// Tells `visitor` every field that is set with its value, in the order of the numbers.
  public void forEach(BiConsumer<Field, Object> visitor) {
    for (Field field : shape.fields()) {
      Object value = values.get(field.name());
      if (value != null) {
        visitor.accept(field, value);
      }
    }
  }
}
