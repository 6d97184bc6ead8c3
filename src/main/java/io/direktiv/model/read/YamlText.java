package io.direktiv.model.read;

import io.direktiv.model.Limits;
import io.direktiv.model.Place;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// A YAML text and its nodes, with the way from a character of a scalar back to the file.
final class YamlText {
  private final int[] text;

  YamlText(String yaml) {
    this.text = yaml.codePoints().toArray();
  }

  /// Parses the text; problems go to `problems`. Empty when there is nothing to read.
  static Optional<Node> parse(String yaml, Problems problems) {
    int bytes = yaml.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.WORKFLOW_BYTES_MAX) {
      problems.error(
          Place.START,
          "the definition has "
              + bytes
              + " bytes, but the limit is "
              + Limits.WORKFLOW_BYTES_MAX
              + "; split it into subflows");
      return Optional.empty();
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setAllowDuplicateKeys(true)
            .setAllowNonScalarKeys(true)
            .setLabel("workflow")
            .setCodePointLimit(Limits.WORKFLOW_BYTES_MAX)
            .build();
    try {
      Optional<Node> root = new Compose(settings).composeString(yaml);
      Optional<Node> bounded = root.filter(node -> isBounded(node, problems));
      bounded.ifPresent(node -> new YamlTree(problems).check(node));
      return bounded;
    } catch (ReaderException e) {
      problems.error(
          new YamlText(yaml).placeOf(e.getPosition()),
          String.format(
              "this is not YAML: the character U+%04X must not stand here; remove it",
              e.getCodePoint()));
    } catch (MarkedYamlEngineException e) {
      Place place =
          e.getProblemMark().map(m -> place(m.getLine(), m.getColumn())).orElse(Place.START);
      problems.error(place, "this is not YAML: " + e.getProblem() + help(e.getProblem()));
    } catch (YamlEngineException e) {
      problems.error(Place.START, "this is not YAML: " + e.getMessage());
    } catch (StackOverflowError e) {
      problems.error(Place.START, tooDeep());
    }
    return Optional.empty();
  }

  private static String help(String problem) {
    if (problem.contains("another document")) {
      return "; a file holds one workflow, put the others into files of their own";
    }
    return problem.contains("\\t") ? "; YAML is indented with blanks, not with tabs" : "";
  }

  private static String tooDeep() {
    return "the definition is nested deeper than the limit of " + Limits.YAML_DEPTH_MAX;
  }

  private static boolean isBounded(Node root, Problems problems) {
    int count = count(root, 0, 0);
    if (count == Integer.MIN_VALUE) {
      problems.error(place(root), tooDeep());
      return false;
    }
    if (count > Limits.YAML_NODES_MAX) {
      problems.error(
          place(root),
          "the definition has more than "
              + Limits.YAML_NODES_MAX
              + " YAML nodes once its aliases are followed; use fewer aliases");
      return false;
    }
    return true;
  }

  /// The number of nodes, more than the limit when there are more; `MIN_VALUE` when too deep.
  private static int count(Node node, int depth, int before) {
    if (depth > Limits.YAML_DEPTH_MAX) {
      return Integer.MIN_VALUE;
    }
    int count = before + 1;
    if (node instanceof SequenceNode sequence) {
      for (Node element : sequence.getValue()) {
        count =
            count > Limits.YAML_NODES_MAX || count < 0 ? count : count(element, depth + 1, count);
      }
    } else if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        count =
            count > Limits.YAML_NODES_MAX || count < 0
                ? count
                : count(tuple.getValueNode(), depth + 1, count + 1);
      }
    }
    return count;
  }

  static Place place(Node node) {
    return node.getStartMark().map(m -> place(m.getLine(), m.getColumn())).orElse(Place.START);
  }

  private static Place place(int line, int column) {
    return new Place(line + 1, column + 1);
  }

  /// Where the character at `offset` (UTF-16 units) of a scalar's value stands in the file.
  ///
  /// YAML only ever changes blanks and escapes: the n-th character of the value that is not blank
  /// is the n-th of the source that is not.
  Place place(ScalarNode scalar, int offset) {
    String value = scalar.getValue();
    int wanted = 0;
    int end = Math.min(offset, value.length());
    for (int i = 0; i < end; i += Character.charCount(value.codePointAt(i))) {
      wanted += isBlank(value.codePointAt(i)) ? 0 : 1;
    }
    boolean isAtEnd = end >= value.length() || isBlank(value.codePointAt(end));
    int at = contentStart(scalar);
    int last = at;
    int seen = 0;
    while (at < text.length) {
      int length = unit(scalar.getScalarStyle(), at);
      boolean isBlank = length < 0;
      length = Math.abs(length);
      if (!isBlank) {
        if (seen == wanted && !isAtEnd) {
          return placeOf(at);
        }
        seen++;
        last = at + length;
        if (seen == wanted && isAtEnd) {
          return placeOf(last);
        }
      }
      at += length;
    }
    return placeOf(last);
  }

  private int contentStart(ScalarNode scalar) {
    int start = afterProperties(scalar.getStartMark().orElseThrow().getIndex());
    return switch (scalar.getScalarStyle()) {
      case SINGLE_QUOTED, DOUBLE_QUOTED -> start + 1;
      case LITERAL, FOLDED -> endOfLine(start);
      case PLAIN, JSON_SCALAR_STYLE -> start;
    };
  }

  /// Skips an anchor and a tag, which stand before a scalar.
  private int afterProperties(int start) {
    int at = start;
    while (at < text.length && (text[at] == '&' || text[at] == '!')) {
      while (at < text.length && !isBlank(text[at])) {
        at++;
      }
      while (at < text.length && (isBlank(text[at]) || text[at] == '#')) {
        at = text[at] == '#' ? endOfLine(at) : at + 1;
      }
    }
    return at;
  }

  private int endOfLine(int start) {
    int at = start;
    while (at < text.length && text[at] != '\n' && text[at] != '\r') {
      at++;
    }
    return at;
  }

  /// The length of the source unit at `at`, negative when it stands for a blank.
  private int unit(ScalarStyle style, int at) {
    int c = text[at];
    if (style == ScalarStyle.SINGLE_QUOTED && c == '\'') {
      return 2;
    }
    if (style == ScalarStyle.DOUBLE_QUOTED && c == '\\' && at + 1 < text.length) {
      return switch (text[at + 1]) {
        case 'x' -> coded(at, 4);
        case 'u' -> coded(at, 6);
        case 'U' -> coded(at, 10);
        case 'n', 't', 'r', ' ', '\n', '\t', '\r' -> -2;
        default -> 2;
      };
    }
    return isBlank(c) ? -1 : 1;
  }

  private int coded(int at, int length) {
    int code = 0;
    for (int i = at + 2; i < Math.min(at + length, text.length); i++) {
      code = code * 16 + Math.max(0, Character.digit(text[i], 16));
    }
    return isBlank(code) ? -length : length;
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }

  private Place placeOf(int index) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(index, text.length); i++) {
      boolean isBreak =
          text[i] == '\n' || text[i] == '\r' && (i + 1 == text.length || text[i + 1] != '\n');
      if (isBreak) {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new Place(line, column);
  }
}
