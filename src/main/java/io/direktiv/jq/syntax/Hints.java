package io.direktiv.jq.syntax;

import java.util.ArrayList;
import java.util.List;

/// Says in our words what is wrong with a text and what to write, behind jq's.
final class Hints {
  private static final String CHOICE = "a choice is written if … then … else … end";

  /// How much is shown of what is not closed.
  static final int SHOWN_CHARS = 12;

  /// A message of jq's lists no more than so many.
  private static final int EXPECTED_MAX = 4;

  /// What was opened last and waits for its end.
  ///
  /// @param terminal the bracket or word
  /// @param text the beginning of what it opens
  record Opened(Terminal terminal, String text) {}

  private final Terminal found;
  private final String text;
  private final List<Terminal> expected;
  private final Opened opened;
  private final Terminal before;
  private final Terminal beforeThat;

  /// @param found the token that is wrong, and `text`, how it is written
  /// @param expected what could stand there
  /// @param opened what was opened last and waits for its end
  /// @param before the token before, and `beforeThat` the one before it
  Hints(
      Terminal found,
      String text,
      List<Terminal> expected,
      Opened opened,
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
    return found == Terminal.SET
        ? "'=' assigns and does not chain, write '==' to compare"
        : found() + ", which does not chain: put parentheses around one of them";
  }

  String text() {
    if (expected.contains(Terminal.STRING_END)) {
      return found == Terminal.END
          ? "the string that begins here is not closed, put '\"' at its end"
          : "a backslash cannot end the query";
    }
    if (before == Terminal.IDENT && beforeThat == Terminal.DOT && expected.isEmpty()) {
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
      case ">" -> before == Terminal.LESS ? "write '!=' for '<>'" : "";
      case ".." -> expectsValue() ? "" : "write one dot, as in .a.b";
      case ":" -> isOutside() ? CHOICE : "";
      default -> {
        if (before == Terminal.QUESTION && isValue()) {
          yield CHOICE;
        }
        boolean isKey = found == Terminal.BINDING && before == Terminal.DOT;
        yield isKey ? "a variable as a key is written .[" + text + "]" : "";
      }
    };
  }

  /// True where a colon has no meaning.
  private boolean isOutside() {
    Terminal place = opened.terminal();
    return place != Terminal.OPEN_BRACE && place != Terminal.OPEN_BRACKET;
  }

  private boolean isValue() {
    return switch (found) {
      case IDENT, BINDING, STRING_START, FORMAT, LITERAL -> true;
      default -> false;
    };
  }

  private String wanted() {
    if (expectsValue()) {
      return value();
    }
    if (expected.contains(Terminal.IDENT) && expected.contains(Terminal.OPEN_PARENTHESIS)) {
      return "a key: a name, a string, a variable or (a query)";
    }
    if (expected.equals(List.of(Terminal.CLOSE_BRACE))
        && opened.terminal() == Terminal.OPEN_BRACE) {
      return isKey() ? "a comma before it, or '}'" : "',' or '}'" + toClose();
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

  /// Where the bracket stands that is not closed; something else may be meant by another token.
  private String toClose() {
    boolean isClosing = found == Terminal.END || found == Terminal.INVALID;
    boolean isBracket = !opened.text().isEmpty() && "([{\\".indexOf(opened.text().charAt(0)) >= 0;
    return isClosing && isBracket ? " to close '" + opened.text() + "'" : "";
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
    String all = words.isEmpty() ? last : String.join(", ", words) + " or " + last;
    if (last.equals("'end'") && opened.text().startsWith("else if")) {
      return all + ": every 'if' needs its own, 'elif' needs none";
    }
    return last.startsWith("')'") || last.equals("']'") ? all + toClose() : all;
  }
}
