package io.direktiv.server;

import java.util.List;
import java.util.Map;

/// What the server was told: a value for every setting of [Catalog].
///
/// @param warnings what was found and not used, one sentence each
public record Settings(Map<String, Value> values, List<String> warnings) {
  /// A value, the text it was made of, and where that came from.
  record Value(Object value, String text, String origin) {
    @Override
    public String toString() {
      return text + " (" + origin + ")";
    }
  }

  public Settings {
    values = Map.copyOf(values);
    warnings = List.copyOf(warnings);
  }

  /// The settings that count when nobody says anything.
  static Settings standard() {
    return SettingsReader.read(Map.of(), Map.of());
  }

  @SuppressWarnings("unchecked") // SAFE BECAUSE: the value was made by this setting's own reader.
  <T> T get(Setting<T> setting) {
    return (T) values.get(setting.key()).value();
  }

  /// All settings as a configuration file, each with where its value came from. Secrets are left
  /// out.
  String print() {
    StringBuilder out = new StringBuilder();
    for (Setting<?> setting : Catalog.ALL) {
      Value value = values.get(setting.key());
      if (setting.kind() == Setting.Kind.OPEN) {
        String line = setting.key() + ": " + quoted(value.text());
        out.append(String.format("%-40s # %s%n", line, value.origin()));
      }
    }
    return out.toString();
  }

  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9./_][A-Za-z0-9./_-]*(:[0-9]+)?")
        ? text
        : "'" + text.replace("'", "''") + "'";
  }

  @Override
  public String toString() {
    return print();
  }
}
