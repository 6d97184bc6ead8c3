package io.direktiv.server;

import io.direktiv.model.read.Nearest;
import io.direktiv.server.Setting.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Puts settings together: a flag wins over the environment, that over the file, that over the
/// standard. All problems are reported together.
final class SettingsReader {
  private static final String PREFIX = "DIREKTIV_";
  private static final int SHOWN_CHARS = 80;

  /// Variables with our prefix that others read: the launcher, and the clients.
  private static final Set<String> OTHERS =
      Set.of(
          "DIREKTIV_JAVA_OPTS",
          "DIREKTIV_CLI_ENDPOINT",
          "DIREKTIV_TOKEN",
          "DIREKTIV_TOKEN_FILE",
          "DIREKTIV_GRPC");

  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, Settings.Value> values = new HashMap<>();

  private SettingsReader() {}

  /// The settings in `flags` (by key), `environment` (by variable) and the file they may name.
  ///
  /// @throws SettingsException with every problem
  static Settings read(Map<String, String> flags, Map<String, String> environment) {
    return new SettingsReader().readAll(flags, environment);
  }

  private Settings readAll(Map<String, String> flags, Map<String, String> environment) {
    Catalog.ALL.forEach(setting -> put(setting, setting.standard(), "default"));
    environment(environment, Kind.NO_FILE);
    flags(flags, Kind.NO_FILE);
    Optional<Path> file = new Settings(values, List.of()).get(Catalog.CONFIG);
    file.ifPresent(this::file);
    environment(environment, Kind.OPEN);
    environment(environment, Kind.SECRET);
    flags(flags, Kind.OPEN);
    unknown(environment);
    login();
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return new Settings(values, warnings);
  }

  private void file(Path path) {
    SettingsFile file = SettingsFile.read(path, problems);
    Map<String, Setting<?>> known =
        Catalog.ALL.stream()
            .filter(setting -> setting.kind() == Kind.OPEN)
            .collect(Collectors.toMap(Setting::key, setting -> setting, (a, _) -> a, TreeMap::new));
    for (SettingsFile.Entry entry : file.entries()) {
      Setting<?> setting = known.get(entry.key());
      if (setting != null) {
        put(setting, entry.text(), entry.place());
      } else {
        problems.add("DK0001: " + entry.place() + ": " + unknownKey(entry.key(), known.keySet()));
      }
    }
  }

  private static String unknownKey(String key, Set<String> known) {
    for (Setting<?> setting : Catalog.ALL) {
      if (setting.key().equals(key)) {
        return "the setting "
            + key
            + " may not stand in a file; set the environment variable "
            + setting.variable();
      }
    }
    return "there is no setting \"" + shown(key) + "\"" + Nearest.hint(key, known);
  }

  private void environment(Map<String, String> environment, Kind kind) {
    for (Setting<?> setting : Catalog.ALL) {
      String text = environment.get(setting.variable());
      if (setting.kind() == kind && text != null && !text.isEmpty()) {
        put(setting, text, setting.variable());
      }
    }
  }

  private void flags(Map<String, String> flags, Kind kind) {
    for (Setting<?> setting : Catalog.ALL) {
      String text = flags.get(setting.key());
      if (setting.kind() == kind && text != null) {
        put(setting, text, setting.flag());
      }
    }
  }

  private void put(Setting<?> setting, String text, String origin) {
    try {
      values.put(setting.key(), new Settings.Value(setting.reader().read(text), text, origin));
    } catch (IllegalArgumentException e) {
      String found = setting.kind() == Kind.SECRET ? "" : ", but is \"" + shown(text) + "\"";
      String name = origin.endsWith(setting.key()) ? "" : " " + setting.key();
      problems.add("DK0001: " + origin + ":" + name + " must be " + e.getMessage() + found);
    }
  }

  /// Variables that look like ours are worth a word, but not a refusal: an orchestrator adds some
  /// of its own for a service called `direktiv`.
  private void unknown(Map<String, String> environment) {
    Set<String> known =
        Catalog.ALL.stream()
            .map(Setting::variable)
            .collect(Collectors.toCollection(java.util.TreeSet::new));
    for (String name : new TreeMap<>(environment).keySet()) {
      if (name.startsWith(PREFIX) && !known.contains(name) && !OTHERS.contains(name)) {
        String hint =
            Nearest.to(name, known).map(near -> "; did you mean " + near + "?").orElse("");
        warnings.add("the environment variable " + name + " is no setting and is ignored" + hint);
      }
    }
  }

  /// A registry without a login or a login without a registry is used by nobody.
  private void login() {
    boolean hasRegistry = isSet(Catalog.FLOW_REGISTRY);
    String given =
        Stream.of(Catalog.FLOW_REGISTRY_USER, Catalog.FLOW_REGISTRY_TOKEN)
            .filter(this::isSet)
            .map(SettingsReader::name)
            .collect(Collectors.joining(" and "));
    if (hasRegistry && given.isEmpty()) {
      warnings.add(
          "flow-registry does nothing without flow-registry-user or "
              + Catalog.FLOW_REGISTRY_TOKEN.variable()
              + ", the login for it");
    } else if (!hasRegistry && !given.isEmpty()) {
      String verb = given.contains(" ") ? " do" : " does";
      warnings.add(given + verb + " nothing without flow-registry, the registry for it");
    }
  }

  private boolean isSet(Setting<?> setting) {
    Settings.Value value = values.get(setting.key());
    return !value.text().isBlank();
  }

  private static String name(Setting<?> setting) {
    return setting.kind() == Kind.SECRET ? setting.variable() : setting.key();
  }

  private static String shown(String text) {
    return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "…";
  }
}
