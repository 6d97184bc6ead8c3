package io.direktiv.golden;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads YAML files as JSON.
final class Yaml {
  private Yaml() {}

  /// The document in `file`.
  static Json read(Path file) {
    LoadSettings settings =
        LoadSettings.builder().setSchema(new CoreSchema()).setLabel(file.toString()).build();
    try {
      return json(new Load(settings).loadFromString(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The YAML files under `folder` in order of their paths.
  static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Json json(Object value) {
    return switch (value) {
      case null -> Json.NULL;
      case Boolean bool -> Json.of(bool);
      case Number number -> JsonNumber.literal(number.toString());
      case String text -> Json.of(text);
      case List<?> list -> JsonArray.of(list.stream().map(Yaml::json).toList());
      case Map<?, ?> map -> {
        JsonObject.Builder object = JsonObject.builder();
        map.forEach((key, member) -> object.put(String.valueOf(key), json(member)));
        yield object.build();
      }
      default -> throw new IllegalArgumentException("what is " + value.getClass() + "?");
    };
  }
}
