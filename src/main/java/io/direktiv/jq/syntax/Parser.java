package io.direktiv.jq.syntax;

import io.direktiv.jq.Limits;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.jq.QuerySyntaxException.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Parses jq 1.8's grammar, see `grammar.txt`, with a stack of its own: nesting costs heap, and
/// chains (`a | b | c`, definitions, members, …) may be of any length.
///
/// A state of the tables says what to do at the next token: shift it, or reduce what lies on the
/// stack by a rule. After a mistake the parser goes on as Bison's do, so that every mistake that jq
/// reports is reported: it takes states off the stack until one knows `error`, skips tokens until
/// one fits, and is silent about further mistakes until three tokens were fine.
public final class Parser {
  /// How many tokens must be fine before the next mistake is reported.
  private static final int CALM = 3;

  private final Tables tables = Tables.get();
  private final String text;
  private final List<Problem> problems = new ArrayList<>(0);
  private final List<Problem> doubts = new ArrayList<>(0);
  private final Lexer lexer;

  /// The next token, or null when it is not read yet; and what the lexer said of it.
  private Terminal ahead;

  private int aheadStart;
  private int aheadEnd;

  /// True when `?//` was taken for `?` and `//` is still to come.
  private boolean isHalfRead;

  private int unrest;

  // What was shifted last, for hints.
  private Terminal last = Terminal.ERROR;
  private Terminal beforeLast = Terminal.ERROR;

  // The stack: state, what led to it (a terminal, or -1), its value, place and nesting.
  private int top = -1;
  private int[] states = new int[64];
  private int[] symbols = new int[64];
  private Object[] values = new Object[64];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int[] depths = new int[64];

  /// Where the parts of the present reduction begin on the stack.
  private int base;

  private int line = 1;
  private int lineAt;

  private Parser(String text) {
    this.text = text;
    this.lexer = new Lexer(text, problems);
  }

  /// Parses a query.
  public static Node.Program parse(String text) throws QuerySyntaxException {
    Node.Program program = new Parser(text).program();
    if (program.body() == null) {
      throw incomplete(
          text,
          "Top-level program not given (try \".\")",
          program.functions().isEmpty()
              ? "the query is empty"
              : "the query ends after its definitions");
    }
    return program;
  }

  /// Parses a module: definitions without a query.
  public static Node.Program parseModule(String text) throws QuerySyntaxException {
    Node.Program program = new Parser(text).program();
    if (program.body() != null) {
      throw incomplete(
          text,
          "library should only have function definitions, not a main expression",
          "a module ends after its definitions");
    }
    return program;
  }

  private static QuerySyntaxException incomplete(String text, String message, String hint) {
    return QuerySyntaxException.of(text, new Problem(message, hint, text.length(), -1, 0));
  }

  private Node.Program program() throws QuerySyntaxException {
    push(0, -1, null, 0, 0);
    boolean goesOn = true;
    while (goesOn && states[top] != tables.last()) {
      goesOn = step();
    }
    if (!problems.isEmpty()) {
      int count = Math.min(problems.size(), Limits.PROBLEMS_MAX);
      throw new QuerySyntaxException(
          QuerySyntaxException.TOP_LEVEL, text, problems.subList(0, count));
    }
    return (Node.Program) values[1];
  }

  private boolean step() throws QuerySyntaxException {
    int state = states[top];
    int action = tables.isDefaultOnly(state) ? 0 : action(state);
    if (action > 0) {
      shift(action);
      return true;
    }
    int rule = action == 0 ? tables.byDefault(state) : -action;
    if (action == Tables.REFUSE || rule == 0) {
      return recover(action == Tables.REFUSE);
    }
    reduce(rule);
    return true;
  }

  private int action(int state) {
    if (ahead == null) {
      read();
    }
    int action = tables.action(state, ahead.ordinal());
    if (ahead == Terminal.ALTERNATION
        && action == 0
        && tables.action(state, Terminal.QUESTION.ordinal()) != 0) {
      // jq refuses `.a?//.b`; the interpreter that workflows were written for took it so.
      ahead = Terminal.QUESTION;
      aheadEnd = aheadStart + 1;
      isHalfRead = true;
      return tables.action(state, ahead.ordinal());
    }
    return action;
  }

  private void read() {
    if (isHalfRead) {
      isHalfRead = false;
      ahead = Terminal.DEFINED_OR;
      aheadStart = lexer.start + 1;
    } else {
      ahead = lexer.next();
      aheadStart = lexer.start;
    }
    aheadEnd = lexer.end;
  }

  private void shift(int state) throws QuerySyntaxException {
    push(state, ahead.ordinal(), lexer.value, aheadStart, aheadEnd);
    depths[top] += ahead.isNesting() ? 1 : 0;
    if (depths[top] > Limits.PARSE_DEPTH_MAX) {
      String hint = "the query is nested deeper than the limit of " + Limits.PARSE_DEPTH_MAX;
      problems.add(new Problem("memory exhausted", hint + " levels", aheadStart, aheadEnd));
      throw new QuerySyntaxException(QuerySyntaxException.TOP_LEVEL, text, problems);
    }
    beforeLast = last;
    last = ahead;
    ahead = null;
    unrest = Math.max(0, unrest - 1);
  }

  private void reduce(int rule) {
    int length = tables.length(rule);
    base = top - length;
    Object value = tables.rule(rule).reduce(this);
    int start = length == 0 ? ends[top] : starts[base + 1];
    int end = ends[top];
    top = base;
    push(tables.after(states[base], rule), -1, value, start, end);
  }

  private void push(int state, int symbol, Object value, int start, int end) {
    top++;
    if (top == states.length) {
      int size = 2 * top;
      states = Arrays.copyOf(states, size);
      symbols = Arrays.copyOf(symbols, size);
      values = Arrays.copyOf(values, size);
      starts = Arrays.copyOf(starts, size);
      ends = Arrays.copyOf(ends, size);
      depths = Arrays.copyOf(depths, size);
    }
    states[top] = state;
    symbols[top] = symbol;
    values[top] = value;
    starts[top] = start;
    ends[top] = end;
    depths[top] = top == 0 ? 0 : depths[top - 1];
  }

  // ---- mistakes ----

  /// Goes on after a mistake; false when there is no way to.
  ///
  /// @param isRefused that an operator stands where it may not, though the query could end there
  private boolean recover(boolean isRefused) {
    if (unrest == 0) {
      problems.add(mistake(isRefused));
    }
    if (unrest == CALM && ahead == Terminal.END || problems.size() >= Limits.PROBLEMS_MAX) {
      return false;
    }
    int start = aheadStart;
    ahead = unrest == CALM ? null : ahead;
    unrest = CALM;
    int error = Terminal.ERROR.ordinal();
    while (tables.action(states[top], error) <= 0) {
      if (top == 0) {
        return false;
      }
      start = starts[top];
      top--;
    }
    push(tables.action(states[top], error), -1, null, start, aheadEnd);
    return true;
  }

  private Problem mistake(boolean isRefused) {
    List<Terminal> expected = new ArrayList<>();
    for (Terminal each : Terminal.values()) {
      int action = tables.action(states[top], each.ordinal());
      if (action != 0 && action != Tables.REFUSE && each != Terminal.ERROR) {
        expected.add(each);
      }
    }
    boolean isEnd = ahead == Terminal.END;
    int start = isEnd ? Math.min(aheadStart, Math.max(0, text.length() - 1)) : aheadStart;
    String found = isEnd ? "" : text.substring(aheadStart, aheadEnd);
    Hints hints = new Hints(ahead, found, expected, opened(), last, beforeLast);
    boolean isOpenText = isEnd && expected.contains(Terminal.STRING_END);
    return new Problem(
        "syntax error, unexpected " + ahead.label + Hints.expecting(expected),
        isRefused ? hints.notAChain() : hints.text(),
        isOpenText ? lastQuote() : isEnd ? text.length() : aheadStart,
        start,
        isEnd ? text.length() : found.charAt(0) < 128 ? aheadEnd : aheadStart);
  }

  /// The innermost bracket or word that waits for its end.
  private Hints.Opened opened() {
    Terminal opened = Terminal.ERROR;
    int start = 0;
    for (int i = top; i > 0; i--) {
      Terminal symbol = symbols[i] < 0 ? Terminal.ERROR : Terminal.of(symbols[i]);
      if (opened == Terminal.ERROR && Hints.isOpening(symbol)) {
        opened = symbol;
        start = starts[i];
      }
    }
    int end = Math.min(text.length(), start + Hints.SHOWN_CHARS);
    return new Hints.Opened(opened, text.substring(start, end).lines().findFirst().orElse(""));
  }

  private int lastQuote() {
    int i = top;
    while (i > 0 && symbols[i] != Terminal.STRING_START.ordinal()) {
      i--;
    }
    return starts[i];
  }

  // ---- for the rules ----

  /// The value of the part at `position` of the present reduction, from 1.
  Object value(int position) {
    return values[base + position];
  }

  Node node(int position) {
    return (Node) values[base + position];
  }

  String word(int position) {
    return (String) values[base + position];
  }

  /// The text of the part at `position`.
  String source(int position) {
    return text.substring(starts[base + position], ends[base + position]);
  }

  int start(int position) {
    return starts[base + position];
  }

  int end(int position) {
    return ends[base + position];
  }

  /// Where the last part ends.
  int end() {
    return ends[top];
  }

  /// Notes that what stands from `start` to `end` is wrong.
  void fail(String message, String hint, int start, int end) {
    problems.add(new Problem(message, hint, start, end));
  }

  /// Notes that a condition assigns, which jq allows and nobody wants.
  void condition(Object condition) {
    if (condition instanceof Node.Update update && update.operator().equals("=")) {
      doubts.add(Node.Program.doubt(update.at()));
    }
  }

  /// What was noted of conditions.
  List<Problem> doubts() {
    return List.copyOf(doubts);
  }

  /// The line of `offset`, from 1; asked for from the beginning to the end.
  int line(int offset) {
    if (offset < lineAt) {
      line = 1;
      lineAt = 0;
    }
    for (; lineAt < offset; lineAt++) {
      line += text.charAt(lineAt) == '\n' ? 1 : 0;
    }
    return line;
  }
}
