package io.direktiv.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// A configuration file: a flat YAML mapping of keys to scalars.
record SettingsFile(List<Entry> entries) {
  /// The largest file that is read.
  private static final int BYTES_MAX = 64 << 10;

  /// A key with its text and its place `file, line 3`.
  record Entry(String key, String text, String place) {}

  /// Reads `path`; problems go to `problems`.
  static SettingsFile read(Path path, List<String> problems) {
    List<Entry> entries = new ArrayList<>();
    try {
      if (Files.size(path) > BYTES_MAX) {
        problems.add("DK0001: " + path + ": has more than " + BYTES_MAX + " bytes");
        return new SettingsFile(entries);
      }
      LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(true).build();
      new Compose(settings)
          .composeString(Files.readString(path))
          .ifPresent(root -> entries(path, root, entries, problems));
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
      problems.add("DK0001: " + path + line + ": this is not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      problems.add("DK0001: " + path + ": this is not YAML: " + e.getMessage());
    } catch (IOException e) {
      problems.add(
          "DK0001: the configuration file "
              + path
              + " cannot be read ("
              + FileTrouble.reason(e)
              + "); see --config");
    }
    return new SettingsFile(entries);
  }

  private static void entries(Path path, Node root, List<Entry> entries, List<String> problems) {
    if (!(root instanceof MappingNode mapping)) {
      problems.add("DK0001: " + path + ": must be a mapping such as \"data: /var/lib/direktiv\"");
      return;
    }
    Set<String> seen = new HashSet<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int line = tuple.getKeyNode().getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
      String place = path + ", line " + line;
      if (!(tuple.getKeyNode() instanceof ScalarNode key)
          || !(tuple.getValueNode() instanceof ScalarNode value)) {
        problems.add("DK0001: " + place + ": must be KEY: VALUE with a single value");
      } else if (!seen.add(key.getValue())) {
        problems.add("DK0001: " + place + ": " + key.getValue() + " is set twice");
      } else {
        entries.add(new Entry(key.getValue(), value.getValue(), place));
      }
    }
  }
}
