package io.direktiv.jq.syntax;

import java.util.ArrayList;
import java.util.List;

/// Says in our words what is wrong with a text and what to write, behind jq's.
final class Hints {
  /// A message of jq's lists no more than so many.
  private static final int EXPECTED_MAX = 4;

  private final Terminal found;
  private final String text;
  private final List<Terminal> expected;
  private final Terminal opened;
  private final Terminal before;
  private final Terminal beforeThat;

  /// @param found the token that is wrong, and `text`, how it is written
  /// @param expected what could stand there
  /// @param opened what was opened last and waits for its end
  /// @param before the token before, when it is no part of something complete
  Hints(
      Terminal found,
      String text,
      List<Terminal> expected,
      Terminal opened,
      Terminal before,
      Terminal beforeThat) {
    this.found = found;
    this.text = text;
    this.expected = expected;
    this.opened = opened;
    this.before = before;
    this.beforeThat = beforeThat;
  }

  /// jq's own list of what it expects, when it is short.
  static String expecting(List<Terminal> expected) {
    if (expected.isEmpty() || expected.size() > EXPECTED_MAX) {
      return "";
    }
    List<String> labels = expected.stream().map(each -> each.label).toList();
    return ", expecting " + String.join(" or ", labels);
  }

  /// True for what is closed by a later part.
  static boolean isOpening(Terminal terminal) {
    return switch (terminal) {
      case OPEN_PARENTHESIS, OPEN_BRACKET, OPEN_BRACE, INTERPOLATION_START -> true;
      case IF, THEN, ELSE, ELIF -> true;
      default -> false;
    };
  }

  String notAChain() {
    return found()
        + ", expected something else: '"
        + text
        + "' does not chain, put parentheses around one of them";
  }

  String text() {
    if (expected.contains(Terminal.STRING_END)) {
      return found == Terminal.END
          ? "the string that begins here is not closed, put '\"' at its end"
          : "a backslash cannot end the query";
    }
    if (before == Terminal.IDENT && beforeThat == Terminal.DOT) {
      return "a field is written without a blank behind the dot, as in .name";
    }
    String instead = instead();
    return instead.isEmpty() ? found() + ", expected " + wanted() : found() + ", " + instead;
  }

  private String found() {
    return found == Terminal.END ? "the query ends here" : "found '" + text + "'";
  }

  /// What is written so in other languages.
  private String instead() {
    return switch (text) {
      case "'" -> expectsValue() ? "" : "strings are written in double quotes, as in \"text\"";
      case "&" -> "write 'and' for '&&'";
      case "|" -> before == Terminal.PIPE ? "expected a value; write 'or' for '||'" : "";
      case "!" -> "write '| not' behind what is to be negated";
      case "=" -> before == Terminal.EQUAL ? "write '==' for '==='" : "";
      default -> "";
    };
  }

  private String wanted() {
    if (expectsValue()) {
      return value();
    }
    if (expected.contains(Terminal.IDENT) && expected.contains(Terminal.OPEN_PARENTHESIS)) {
      return "a key: a name, a string, a variable or (a query)";
    }
    if (expected.equals(List.of(Terminal.CLOSE_BRACE)) && opened == Terminal.OPEN_BRACE) {
      return isKey() ? "a comma before it, or '}'" : "',' or '}'";
    }
    if (expected.contains(Terminal.END)) {
      return "an operator such as '|' or the end of the query";
    }
    if (before == Terminal.DEF) {
      return "a function name";
    }
    if (expected.contains(Terminal.BINDING) && expected.contains(Terminal.OPEN_BRACE)) {
      return "a pattern: a variable such as $name, '[' or '{'";
    }
    if (expected.contains(Terminal.STRING_START) && expected.contains(Terminal.OPEN_BRACKET)) {
      return "a field name after '.', as in .name or .\"any text\"";
    }
    return list();
  }

  private boolean expectsValue() {
    return expected.contains(Terminal.LITERAL);
  }

  private String value() {
    if (text.equals("'")) {
      return "a value; strings are written in double quotes, as in \"text\"";
    }
    if (found == Terminal.DEF || found == Terminal.LABEL) {
      return "a value; put parentheses around a definition or label";
    }
    return "a value such as .name, \"text\" or 1";
  }

  private boolean isKey() {
    return switch (found) {
      case IDENT, BINDING, STRING_START, FORMAT, LITERAL, LOCATION -> true;
      default -> found.isKeyword();
    };
  }

  /// What ends what is open, or whatever else there is; operators could stand anywhere.
  private String list() {
    List<String> words = new ArrayList<>();
    for (Terminal each : expected) {
      switch (each) {
        case PIPE, COMMA -> {}
        case IDENT -> words.add("a name");
        case BINDING -> words.add("a variable such as $name");
        case STRING_START -> words.add("a string");
        case FORMAT -> words.add("a format such as @json");
        case INTERPOLATION_END -> words.add("')', which ends what is put into the string");
        default -> words.add("'" + each.label.replace("'", "") + "'");
      }
    }
    if (words.isEmpty()) {
      return "something else";
    }
    String last = words.removeLast();
    return words.isEmpty() ? last : String.join(", ", words) + " or " + last;
  }
}
