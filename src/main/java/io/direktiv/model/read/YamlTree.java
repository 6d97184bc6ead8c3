package io.direktiv.model.read;

import io.direktiv.model.Place;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Looks through a bounded tree of nodes before anything is read from it: keys that stand twice or
/// are no words, and tags that mean nothing here.
final class YamlTree {
  private static final Set<Tag> TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP);

  private final Problems problems;
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  YamlTree(Problems problems) {
    this.problems = problems;
  }

  void check(Node node) {
    if (!seen.add(node)) {
      return;
    }
    if (!TAGS.contains(node.getTag())) {
      problems.error(
          YamlText.place(node),
          "the YAML tag \""
              + Fields.shorten(node.getTag().getValue())
              + "\" is not known; leave it away");
      return;
    }
    switch (node) {
      case SequenceNode sequence -> sequence.getValue().forEach(this::check);
      case MappingNode mapping -> mapping(mapping);
      case ScalarNode scalar -> scalar(scalar);
      default -> {}
    }
  }

  private void scalar(ScalarNode scalar) {
    if (!ExpressionReader.isWhatItsTagSays(scalar)) {
      problems.error(
          YamlText.place(scalar),
          "\"" + Fields.shorten(scalar.getValue()) + "\" is not the number that its tag says");
    }
  }

  private void mapping(MappingNode mapping) {
    Map<String, Place> keys = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      check(tuple.getValueNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.error(
            YamlText.place(tuple.getKeyNode()),
            "a key must be a word, but this one is a collection");
        continue;
      }
      check(key);
      Place earlier = keys.putIfAbsent(key.getValue(), YamlText.place(key));
      if (earlier != null) {
        problems.error(
            YamlText.place(key),
            "the key \""
                + Fields.shorten(key.getValue())
                + "\" stands twice; the first is in line "
                + earlier.line());
      }
    }
  }
}
