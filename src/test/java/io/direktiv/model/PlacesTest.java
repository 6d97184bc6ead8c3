package io.direktiv.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A query error at a random place in a random YAML style is reported at the place where its token
/// stands in the file.
class PlacesTest {
  private static final String WRONG = "ZZZ";
  private static final List<String> PLAIN =
      List.of(". |", ".a |", "(1) |", ".b[0] |", "1 + 2 |", ".c.d |", "( .a , .b ) |");
  private static final List<String> ANY =
      List.of(
          ". |",
          "[ 1 , 2 ] |",
          "{ \"k\" : 2 } |",
          "\"it's\" |",
          "\"😀é\" |",
          "\"a\\\"b\\\\c\" |",
          "\"\\u00e9\\n\" |",
          "{ a : .x } |",
          "\"# no comment\" |");

  @Test
  void reportsQueryErrorsWhereTheyStand() {
    long seed = Long.getLong("seed", 20260101L);
    Random random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      String scalar = scalar(random);
      String yaml =
          "id: places\nstates:\n- id: a\n  type: noop\n  transform: "
              + scalar
              + "\n- id: b\n  type: noop\n";
      yaml = random.nextInt(4) == 0 ? yaml.replace("\n", "\r\n") : yaml;
      String file = random.nextInt(4) == 0 ? "\uFEFF" + yaml : yaml;
      String before = yaml.substring(0, yaml.indexOf(WRONG));
      int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
      String last = before.substring(before.lastIndexOf('\n') + 1);
      Place expected = new Place(line, last.codePointCount(0, last.length()) + 1);
      assertThat(WorkflowReader.read(file).diagnostics())
          .as("seed %d, case %d:%n%s", seed, i, yaml)
          .singleElement()
          .satisfies(d -> {
            assertThat(d.message()).contains("unexpected IDENT", WRONG);
            assertThat(d.place()).isEqualTo(expected);
          });
    }
  }

  private static String query(Random random, List<String> parts) {
    StringBuilder query = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      query.append(parts.get(random.nextInt(parts.size()))).append(' ');
    }
    query.append("1 ").append(WRONG);
    for (int i = random.nextInt(3); i > 0; i--) {
      query.append(" | .b");
    }
    return query.toString();
  }

  private static String scalar(Random random) {
    String properties = List.of("", "", "&q ", "!!str ", "!!str &q ").get(random.nextInt(5));
    return properties
        + switch (random.nextInt(5)) {
          case 0 -> folded(query(random, PLAIN), random, "\n    ");
          case 1 -> "'" + folded(query(random, ANY).replace("'", "''"), random, "\n    ") + "'";
          case 2 -> doubleQuoted(query(random, ANY), random);
          case 3 -> block(query(random, ANY), random, '|');
          default -> block(query(random, ANY), random, '>');
        };
  }

  /// Breaks lines at some blanks; a blank line is a line break to YAML, which jq skips too.
  private static String folded(String query, Random random, String newLine) {
    StringBuilder out = new StringBuilder();
    boolean isInString = false;
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      isInString ^= c == '"' && (i == 0 || query.charAt(i - 1) != '\\');
      if (c == ' ' && !isInString && random.nextInt(4) == 0) {
        out.append(random.nextInt(3) == 0 ? "\n" + newLine : newLine);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String doubleQuoted(String query, Random random) {
    StringBuilder out = new StringBuilder("\"");
    query
        .codePoints()
        .forEach(c -> {
          boolean isRare = random.nextInt(4) == 0;
          if (c == '"' || c == '\\') {
            out.append('\\').appendCodePoint(c);
          } else if (c == ' ' && isRare) {
            out.append(
                List.of("\n    ", "\\\n    ", "\\x20", "\\u0020", "\\ ", "\\t", "\\n")
                    .get(random.nextInt(7)));
          } else if (c == 0x1F600 && isRare) {
            out.append("\\U0001F600");
          } else if (c == 'a' && isRare) {
            out.append("\\x61");
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.append('"').toString();
  }

  private static String block(String query, Random random, char style) {
    String indicator = List.of("", "-", "+").get(random.nextInt(3));
    boolean isIndented = random.nextInt(3) == 0;
    String head =
        style + (isIndented ? "2" : "") + indicator + List.of("", " # note").get(random.nextInt(2));
    String indent = "\n    ";
    String more = random.nextInt(2) == 0 ? indent : indent + "  ";
    return head + indent + folded(query, random, more);
  }
}
