package io.direktiv.jq.syntax;

/// A token of a query: what it is, its text, and where it begins and ends.
record Token(Kind kind, String text, int start, int end) {
  enum Kind {
    END,
    INVALID,
    OPERATOR,
    NAME,
    FIELD,
    VARIABLE,
    FORMAT,
    NUMBER,
    STRING,
    KEYWORD
  }

  boolean is(String operator) {
    return (kind == Kind.OPERATOR || kind == Kind.KEYWORD) && text.equals(operator);
  }
}
