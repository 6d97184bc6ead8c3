package io.direktiv.client;

import java.util.List;

/// The fields of a kind of message, in the order of their numbers.
public record Shape(List<Field> fields) {
  /// A message without fields.
  static final Shape EMPTY = of();

  /// A moment: seconds since 1970 and nanoseconds of the second.
  static final Shape TIMESTAMP = of(Field.int64(1, "seconds"), Field.int32(2, "nanos"));

  /// A length of time.
  static final Shape DURATION = of(Field.int64(1, "seconds"), Field.int32(2, "nanos"));

  /// An entry of a map from text to text.
  static final Shape ENTRY = of(Field.string(1, "key"), Field.string(2, "value"));

  /// A shape of `fields`.
  static Shape of(Field... fields) {
    return new Shape(List.of(fields));
  }

  /// The field with `number`, or null.
  Field numbered(int number) {
    for (Field field : fields) {
      if (field.number() == number) {
        return field;
      }
    }
    return null;
  }

  /// The field called `name`.
  Field named(String name) {
    for (Field field : fields) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    throw new IllegalArgumentException("there is no field \"" + name + "\" in " + fields);
  }
}
