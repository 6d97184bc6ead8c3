package io.direktiv.jq.syntax;

import io.direktiv.jq.Limits;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Parses jq 1.8's grammar by precedence climbing. Recursion is bounded by
/// [Limits#PARSE_DEPTH_MAX].
public final class Parser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> UPDATES = Set.of("=", "|=", "+=", "-=", "*=", "/=", "%=", "//=");

  private final Lexer lexer;
  private Token token;
  private int depth;

  private Parser(String text) throws QuerySyntaxException {
    this.lexer = new Lexer(text);
    advance();
  }

  /// Parses a query.
  public static Node parse(String text) throws QuerySyntaxException {
    Parser parser = new Parser(text);
    if (parser.token.kind() == Token.Kind.END) {
      return new Node.Identity();
    }
    Node node = parser.pipe();
    parser.end();
    return node;
  }

  /// Parses a file of definitions.
  public static List<Node.Function> parseDefinitions(String text) throws QuerySyntaxException {
    Parser parser = new Parser(text);
    List<Node.Function> functions = new ArrayList<>();
    while (parser.token.is("def")) {
      functions.add(parser.definition());
    }
    parser.end();
    return functions;
  }

  private void end() throws QuerySyntaxException {
    if (token.kind() != Token.Kind.END) {
      throw unexpected("end of the query");
    }
  }

  private Node pipe() throws QuerySyntaxException {
    enter();
    try {
      if (token.is("def")) {
        Node.Function function = definition();
        return new Node.Define(function, pipe());
      }
      if (token.is("label")) {
        return label();
      }
      Node left = comma();
      if (!token.is("|")) {
        return left;
      }
      advance();
      return new Node.Pipe(left, pipe());
    } finally {
      depth--;
    }
  }

  private Node label() throws QuerySyntaxException {
    advance();
    String name = variable();
    expect("|");
    return new Node.Label(name, pipe());
  }

  private Node comma() throws QuerySyntaxException {
    Node left = bound();
    while (token.is(",")) {
      advance();
      left = new Node.Comma(left, bound());
    }
    return left;
  }

  private Node alternative() throws QuerySyntaxException {
    Node left = update();
    if (!token.is("//")) {
      return left;
    }
    advance();
    enter();
    Node right = alternative();
    depth--;
    return new Node.Alternative(left, right);
  }

  private Node update() throws QuerySyntaxException {
    Node left = or();
    if (token.kind() != Token.Kind.OPERATOR || !UPDATES.contains(token.text())) {
      return left;
    }
    String operator = token.text();
    advance();
    enter();
    Node right = alternative();
    depth--;
    if (token.kind() == Token.Kind.OPERATOR && UPDATES.contains(token.text())) {
      throw unexpected("end of the assignment: assignments do not chain without parentheses");
    }
    return new Node.Update(operator, left, right);
  }

  private Node or() throws QuerySyntaxException {
    Node left = and();
    while (token.is("or")) {
      advance();
      left = new Node.Or(left, and());
    }
    return left;
  }

  private Node and() throws QuerySyntaxException {
    Node left = comparison();
    while (token.is("and")) {
      advance();
      left = new Node.And(left, comparison());
    }
    return left;
  }

  private Node comparison() throws QuerySyntaxException {
    Node left = sum();
    if (!isComparison()) {
      return left;
    }
    String operator = token.text();
    advance();
    Node right = sum();
    if (isComparison()) {
      throw unexpected("end of the comparison: comparisons do not chain without parentheses");
    }
    return new Node.Binary(operator, left, right);
  }

  private boolean isComparison() {
    return token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text());
  }

  private Node sum() throws QuerySyntaxException {
    Node left = product();
    while (token.is("+") || token.is("-")) {
      String operator = token.text();
      advance();
      left = new Node.Binary(operator, left, product());
    }
    return left;
  }

  private Node product() throws QuerySyntaxException {
    Node left = prefix();
    while (token.is("*") || token.is("/") || token.is("%")) {
      String operator = token.text();
      advance();
      left = new Node.Binary(operator, left, prefix());
    }
    return left;
  }

  private Node prefix() throws QuerySyntaxException {
    if (token.is("def")) {
      Node.Function function = definition();
      return new Node.Define(function, pipe());
    }
    if (token.is("label")) {
      return label();
    }
    if (!token.is("-")) {
      return postfix();
    }
    advance();
    enter();
    Node operand = prefix();
    depth--;
    if (operand instanceof Node.Literal(JsonNumber number)) {
      return new Node.Literal(number.negate());
    }
    return new Node.Negate(operand);
  }

  /// An expression, and the binding that may follow it.
  private Node bound() throws QuerySyntaxException {
    Node term = alternative();
    if (!token.is("as")) {
      return term;
    }
    advance();
    List<Node.Pattern> patterns = new ArrayList<>(List.of(pattern()));
    while (token.is("?//")) {
      advance();
      patterns.add(pattern());
    }
    expect("|");
    return new Node.Bind(term, patterns, pipe());
  }

  private Node postfix() throws QuerySyntaxException {
    enter();
    Node term = suffixes(term());
    depth--;
    return term;
  }

  private Node suffixes(Node term) throws QuerySyntaxException {
    while (true) {
      if (token.kind() == Token.Kind.FIELD) {
        term = new Node.Index(term, new Node.Literal(Json.of(token.text())));
        advance();
      } else if (token.is("?")) {
        advance();
        term = new Node.Try(term, null);
      } else if (token.is("?//")) {
        token = new Token(Token.Kind.OPERATOR, "//", token.start() + 1, token.end());
        return new Node.Try(term, null);
      } else if (token.is("[")) {
        term = bracket(term);
      } else if (token.is(".")) {
        term = dot(term);
      } else {
        return term;
      }
    }
  }

  private Node dot(Node term) throws QuerySyntaxException {
    Token dot = token;
    advance();
    if (token.kind() == Token.Kind.STRING) {
      return new Node.Index(term, string(null));
    }
    if (token.is("[")) {
      return bracket(term);
    }
    throw unexpected("a field name after '.'", dot);
  }

  private Node bracket(Node term) throws QuerySyntaxException {
    expect("[");
    if (token.is("]")) {
      advance();
      return new Node.Iterate(term);
    }
    if (token.is(":")) {
      advance();
      Node to = pipe();
      expect("]");
      return new Node.Slice(term, null, to);
    }
    Node key = pipe();
    if (!token.is(":")) {
      expect("]");
      return new Node.Index(term, key);
    }
    advance();
    Node to = token.is("]") ? null : pipe();
    expect("]");
    return new Node.Slice(term, key, to);
  }

  private Node term() throws QuerySyntaxException {
    Token first = token;
    return switch (first.kind()) {
      case NUMBER -> {
        advance();
        yield new Node.Literal(JsonNumber.literal(first.text()));
      }
      case STRING -> string(null);
      case FORMAT -> format();
      case FIELD -> {
        advance();
        yield new Node.Index(new Node.Identity(), new Node.Literal(Json.of(first.text())));
      }
      case VARIABLE -> {
        advance();
        yield first.text().equals("__loc__")
            ? new Node.Literal(location(first))
            : new Node.Variable(first.text(), first.start());
      }
      case NAME -> call();
      case KEYWORD -> keyword();
      case OPERATOR -> operator();
      case END -> throw unexpected("a value");
    };
  }

  private Json location(Token at) {
    int line = 1;
    for (int i = 0; i < at.start(); i++) {
      line += lexer.text.charAt(i) == '\n' ? 1 : 0;
    }
    return JsonObject.builder().put("file", "<top-level>").put("line", line).build();
  }

  private Node format() throws QuerySyntaxException {
    Token name = token;
    advance();
    if (token.kind() == Token.Kind.STRING) {
      return string(name.text());
    }
    return new Node.Format(name.text(), name.start());
  }

  private Node operator() throws QuerySyntaxException {
    switch (token.text()) {
      case "." -> {
        advance();
        if (token.kind() == Token.Kind.STRING) {
          return new Node.Index(new Node.Identity(), string(null));
        }
        return new Node.Identity();
      }
      case ".." -> {
        advance();
        return new Node.RecurseAll();
      }
      case "(" -> {
        advance();
        Node body = pipe();
        expect(")");
        return body;
      }
      case "[" -> {
        advance();
        if (token.is("]")) {
          advance();
          return new Node.Literal(io.direktiv.json.JsonArray.EMPTY);
        }
        Node body = pipe();
        expect("]");
        return new Node.ArrayOf(body);
      }
      case "{" -> {
        return object();
      }
      default -> throw unexpected("a value");
    }
  }

  private Node keyword() throws QuerySyntaxException {
    return switch (token.text()) {
      case "if" -> conditional();
      case "try" -> attempt();
      case "reduce" -> reduce();
      case "foreach" -> foreach();
      default -> throw unexpected("a value");
    };
  }

  private Node conditional() throws QuerySyntaxException {
    advance();
    Node condition = pipe();
    expect("then");
    Node then = pipe();
    Node otherwise = new Node.Identity();
    if (token.is("elif")) {
      enter();
      otherwise = conditional();
      depth--;
      return new Node.If(condition, then, otherwise);
    }
    if (token.is("else")) {
      advance();
      otherwise = pipe();
    }
    expect("end");
    return new Node.If(condition, then, otherwise);
  }

  private Node attempt() throws QuerySyntaxException {
    advance();
    Node body = tried();
    if (!token.is("catch")) {
      return new Node.Try(body, null);
    }
    advance();
    return new Node.Try(body, tried());
  }

  private Node tried() throws QuerySyntaxException {
    return token.is("-") ? prefix() : postfix();
  }

  private Node reduce() throws QuerySyntaxException {
    advance();
    Node source = alternative();
    expect("as");
    Node.Pattern pattern = pattern();
    expect("(");
    Node initial = pipe();
    expect(";");
    Node update = pipe();
    expect(")");
    return new Node.Reduce(source, pattern, initial, update);
  }

  private Node foreach() throws QuerySyntaxException {
    advance();
    Node source = alternative();
    expect("as");
    Node.Pattern pattern = pattern();
    expect("(");
    Node initial = pipe();
    expect(";");
    Node update = pipe();
    Node extract = new Node.Identity();
    if (token.is(";")) {
      advance();
      extract = pipe();
    }
    expect(")");
    return new Node.Foreach(source, pattern, initial, update, extract);
  }

  private Node call() throws QuerySyntaxException {
    Token name = token;
    advance();
    if (name.text().equals("break") && token.kind() == Token.Kind.VARIABLE) {
      String label = variable();
      return new Node.Break(label, name.start());
    }
    List<Node> arguments = new ArrayList<>();
    if (token.is("(")) {
      do {
        advance();
        arguments.add(pipe());
      } while (token.is(";"));
      expect(")");
    }
    return new Node.Call(name.text(), arguments, name.start());
  }

  private Node.Function definition() throws QuerySyntaxException {
    enter();
    expect("def");
    if (token.kind() != Token.Kind.NAME && token.kind() != Token.Kind.KEYWORD) {
      throw unexpected("a function name");
    }
    final String name = token.text();
    advance();
    List<String> parameters = new ArrayList<>();
    if (token.is("(")) {
      do {
        advance();
        parameters.add(parameter());
      } while (token.is(";"));
      expect(")");
    }
    expect(":");
    Node body = pipe();
    expect(";");
    depth--;
    return new Node.Function(name, parameters, body);
  }

  private String parameter() throws QuerySyntaxException {
    Token name = token;
    boolean isName = name.kind() == Token.Kind.NAME || name.kind() == Token.Kind.KEYWORD;
    if (!isName && name.kind() != Token.Kind.VARIABLE) {
      throw unexpected("a parameter name");
    }
    advance();
    return isName ? name.text() : "$" + name.text();
  }

  private Node object() throws QuerySyntaxException {
    expect("{");
    List<Node.Member> members = new ArrayList<>();
    while (!token.is("}")) {
      members.add(member());
      if (!token.is(",")) {
        break;
      }
      advance();
    }
    if (!token.is("}")) {
      boolean isMember =
          token.kind() == Token.Kind.NAME
              || token.kind() == Token.Kind.STRING
              || token.kind() == Token.Kind.VARIABLE;
      throw unexpected(isMember && !members.isEmpty() ? "a comma before it, or '}'" : "'}' or ','");
    }
    advance();
    return new Node.ObjectOf(members);
  }

  private Node.Member member() throws QuerySyntaxException {
    Token key = token;
    switch (key.kind()) {
      case VARIABLE -> {
        advance();
        Node value =
            key.text().equals("__loc__")
                ? new Node.Literal(location(key))
                : new Node.Variable(key.text(), key.start());
        return new Node.Member(new Node.Literal(Json.of(key.text())), value);
      }
      case NAME, KEYWORD -> {
        advance();
        return value(new Node.Literal(Json.of(key.text())));
      }
      case STRING -> {
        return value(string(null));
      }
      case FORMAT -> {
        Node name = format();
        if (name instanceof Node.Format) {
          throw unexpected("a string after the format");
        }
        return value(name);
      }
      case NUMBER ->
          throw lexer.error(
              "Object keys must be strings, but this is the number " + key.text(), key.start());
      case OPERATOR -> {
        if (!key.is("(")) {
          throw unexpected("a key");
        }
        advance();
        Node name = pipe();
        expect(")");
        constantKey(name, key);
        if (!token.is(":")) {
          throw unexpected("':' after the key");
        }
        return value(name);
      }
      default -> throw unexpected("a key");
    }
  }

  private void constantKey(Node name, Token at) throws QuerySyntaxException {
    if (name instanceof Node.Literal(Json value)
        && !(value instanceof io.direktiv.json.JsonString)) {
      throw lexer.error("Object keys must be strings", at.start());
    }
  }

  private Node.Member value(Node key) throws QuerySyntaxException {
    if (!token.is(":")) {
      return new Node.Member(key, new Node.Index(new Node.Identity(), key));
    }
    advance();
    Node value = memberValue();
    return new Node.Member(key, value);
  }

  private Node memberValue() throws QuerySyntaxException {
    enter();
    Node value = alternative();
    if (token.is("|")) {
      advance();
      value = new Node.Pipe(value, memberValue());
    }
    depth--;
    return value;
  }

  private Node.Pattern pattern() throws QuerySyntaxException {
    enter();
    try {
      if (token.kind() == Token.Kind.VARIABLE) {
        return new Node.Pattern.Name(variable());
      }
      if (token.is("[")) {
        List<Node.Pattern> elements = new ArrayList<>();
        do {
          advance();
          elements.add(pattern());
        } while (token.is(","));
        expect("]");
        return new Node.Pattern.Elements(elements);
      }
      if (token.is("{")) {
        List<Node.PatternMember> members = new ArrayList<>();
        do {
          advance();
          members.add(patternMember());
        } while (token.is(","));
        expect("}");
        return new Node.Pattern.Members(members);
      }
      throw unexpected("a pattern: a variable, '[' or '{'");
    } finally {
      depth--;
    }
  }

  private Node.PatternMember patternMember() throws QuerySyntaxException {
    if (token.kind() == Token.Kind.VARIABLE) {
      String name = variable();
      Node key = new Node.Literal(Json.of(name));
      if (!token.is(":")) {
        return new Node.PatternMember(key, name, null);
      }
      advance();
      return new Node.PatternMember(key, name, pattern());
    }
    Node key;
    if (token.kind() == Token.Kind.NAME || token.kind() == Token.Kind.KEYWORD) {
      key = new Node.Literal(Json.of(token.text()));
      advance();
    } else if (token.kind() == Token.Kind.STRING) {
      key = string(null);
    } else {
      Token open = token;
      expect("(");
      key = pipe();
      expect(")");
      if (key instanceof Node.Literal(Json value)
          && !(value instanceof io.direktiv.json.JsonString)) {
        throw lexer.error("Object keys must be strings, but this is " + value, open.start());
      }
    }
    expect(":");
    return new Node.PatternMember(key, null, pattern());
  }

  /// Reads the string whose opening quote is the current token.
  private Node string(String format) throws QuerySyntaxException {
    List<Node> parts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int open = token.start();
    while (true) {
      if (lexer.at >= lexer.text.length()) {
        throw lexer.error("syntax error, unexpected end of file: the string is not closed", open);
      }
      char c = lexer.text.charAt(lexer.at++);
      if (c == '"') {
        break;
      }
      if (c != '\\') {
        text.append(c);
      } else if (lexer.peek(0) == '(') {
        lexer.at++;
        parts.add(new Node.Literal(Json.of(text.toString())));
        text.setLength(0);
        parts.add(interpolated());
      } else {
        escape(text);
      }
    }
    advance();
    if (parts.isEmpty()) {
      return new Node.Literal(Json.of(text.toString()));
    }
    parts.add(new Node.Literal(Json.of(text.toString())));
    return new Node.Interpolation(format, parts);
  }

  private Node interpolated() throws QuerySyntaxException {
    advance();
    Node node = pipe();
    if (!token.is(")")) {
      throw unexpected("')'");
    }
    return node;
  }

  private void escape(StringBuilder text) throws QuerySyntaxException {
    char c = lexer.peek(0);
    lexer.at++;
    switch (c) {
      case '"', '\\', '/' -> text.append(c);
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(lexer.peek(0), 16);
          if (digit < 0) {
            throw lexer.error("expected four hexadecimal digits after \\u", lexer.at);
          }
          code = code * 16 + digit;
          lexer.at++;
        }
        text.append((char) code);
      }
      default -> throw lexer.error("unknown escape \\" + c + " in a string", lexer.at - 2);
    }
  }

  private String variable() throws QuerySyntaxException {
    if (token.kind() != Token.Kind.VARIABLE) {
      throw unexpected("a variable such as $name");
    }
    String name = token.text();
    advance();
    return name;
  }

  private void expect(String operator) throws QuerySyntaxException {
    if (!token.is(operator)) {
      throw unexpected("'" + operator + "'");
    }
    advance();
  }

  private void advance() throws QuerySyntaxException {
    token = lexer.next();
  }

  private void enter() throws QuerySyntaxException {
    if (++depth > Limits.PARSE_DEPTH_MAX) {
      throw lexer.error(
          "the query is nested deeper than the limit of " + Limits.PARSE_DEPTH_MAX, token.start());
    }
  }

  private QuerySyntaxException unexpected(String expected) {
    return unexpected(expected, token);
  }

  private QuerySyntaxException unexpected(String expected, Token found) {
    String what =
        found.kind() == Token.Kind.END
            ? "end of file"
            : "'" + lexer.text.substring(found.start(), found.end()) + "'";
    return lexer.error(
        "syntax error, unexpected " + what + ", expected " + expected, found.start());
  }
}
