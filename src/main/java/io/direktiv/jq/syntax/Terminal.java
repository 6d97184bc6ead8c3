package io.direktiv.jq.syntax;

import java.util.HashMap;
import java.util.Map;

/// What a query's text is cut into. The order is jq's, whose messages list what they expect in it.
enum Terminal {
  END("end of file"),
  ERROR("error"),
  INVALID("INVALID_CHARACTER"),
  IDENT("IDENT"),
  FIELD("FIELD"),
  BINDING("BINDING"),
  LITERAL("LITERAL"),
  FORMAT("FORMAT"),
  RECURSE(".."),
  SET_MODULO("%="),
  EQUAL("=="),
  NOT_EQUAL("!="),
  DEFINED_OR("//"),
  AS("as"),
  DEF("def"),
  MODULE("module"),
  IMPORT("import"),
  INCLUDE("include"),
  IF("if"),
  THEN("then"),
  ELSE("else"),
  ELIF("elif"),
  REDUCE("reduce"),
  FOREACH("foreach"),
  END_WORD("end"),
  AND("and"),
  OR("or"),
  TRY("try"),
  CATCH("catch"),
  LABEL("label"),
  BREAK("break"),
  LOCATION("$__loc__"),
  SET_PIPE("|="),
  SET_PLUS("+="),
  SET_MINUS("-="),
  SET_TIMES("*="),
  SET_DIVIDE("/="),
  SET_DEFINED_OR("//="),
  LESS_EQUAL("<="),
  GREATER_EQUAL(">="),
  ALTERNATION("?//"),
  STRING_START("QQSTRING_START"),
  STRING_TEXT("QQSTRING_TEXT"),
  INTERPOLATION_START("QQSTRING_INTERP_START"),
  INTERPOLATION_END("QQSTRING_INTERP_END"),
  STRING_END("QQSTRING_END"),
  FUNCDEF("FUNCDEF"),
  PIPE("'|'"),
  COMMA("','"),
  SET("'='"),
  LESS("'<'"),
  GREATER("'>'"),
  PLUS("'+'"),
  MINUS("'-'"),
  TIMES("'*'"),
  DIVIDE("'/'"),
  MODULO("'%'"),
  NONOPT("NONOPT"),
  QUESTION("'?'"),
  DOT("'.'"),
  OPEN_BRACKET("'['"),
  SEMICOLON("';'"),
  COLON("':'"),
  OPEN_PARENTHESIS("'('"),
  CLOSE_PARENTHESIS("')'"),
  CLOSE_BRACKET("']'"),
  OPEN_BRACE("'{'"),
  CLOSE_BRACE("'}'"),
  DOLLAR("'$'");

  private static final Map<String, Terminal> KEYWORDS = new HashMap<>();
  private static final Terminal[] ALL = values();

  static {
    for (Terminal each : ALL) {
      if (each.isKeyword()) {
        KEYWORDS.put(each.label, each);
      }
    }
  }

  /// What jq's messages call it.
  final String label;

  Terminal(String label) {
    this.label = label;
  }

  /// What `word` is: a keyword, or else a name.
  static Terminal ofWord(String word) {
    return KEYWORDS.getOrDefault(word, IDENT);
  }

  static Terminal of(int ordinal) {
    return ALL[ordinal];
  }

  boolean isKeyword() {
    return ordinal() >= AS.ordinal() && ordinal() <= BREAK.ordinal();
  }

  /// True for what opens a level of nesting that a later part closes.
  boolean isNesting() {
    return switch (this) {
      case DEF, IF, REDUCE, FOREACH, TRY -> true;
      case INTERPOLATION_START, OPEN_BRACKET, OPEN_PARENTHESIS, OPEN_BRACE -> true;
      default -> false;
    };
  }
}
