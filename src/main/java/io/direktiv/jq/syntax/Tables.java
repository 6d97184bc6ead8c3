package io.direktiv.jq.syntax;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// What the parser does in which state, read once from `tables.txt`.
///
/// The tables are those of an LALR(1) parser with default reductions, as Bison makes them, because
/// jq's parser is one: which mistake is noticed where, what the message expects there and what is
/// read on after it follow from them.
final class Tables {
  /// An action: the text is wrong here, whatever the default says.
  static final short REFUSE = Short.MIN_VALUE;

  private static final int TERMINALS = Terminal.values().length;
  private static final Tables INSTANCE = load();

  private final Rule[] rules;
  private final byte[] lefts;
  private final byte[] lengths;
  private final short[] defaults;
  private final boolean[] isDefaultOnly;
  private final short[] actions;
  private final short[] gotos;
  private final int nonterminals;
  private final int last;

  private Tables(int rules, int states, int nonterminals, int last) {
    this.rules = new Rule[rules];
    this.lefts = new byte[rules];
    this.lengths = new byte[rules];
    this.defaults = new short[states];
    this.isDefaultOnly = new boolean[states];
    this.actions = new short[states * TERMINALS];
    this.gotos = new short[states * nonterminals];
    this.nonterminals = nonterminals;
    this.last = last;
  }

  /// The state in which all is read.
  int last() {
    return last;
  }

  static Tables get() {
    return INSTANCE;
  }

  /// What to do at `terminal`: shift to a state (positive), reduce by a rule (negative), [#REFUSE],
  /// or what is done by default (0).
  short action(int state, int terminal) {
    return actions[state * TERMINALS + terminal];
  }

  /// The rule to reduce by when nothing else is said; 0 when the text is wrong.
  int byDefault(int state) {
    return defaults[state];
  }

  /// True when the next token does not matter.
  boolean isDefaultOnly(int state) {
    return isDefaultOnly[state];
  }

  /// The state after what `rule` makes stands behind `state`.
  int after(int state, int rule) {
    return gotos[state * nonterminals + lefts[rule]];
  }

  Rule rule(int rule) {
    return rules[rule];
  }

  int length(int rule) {
    return lengths[rule];
  }

  private static Tables load() {
    try (InputStream in = Tables.class.getResourceAsStream("tables.txt")) {
      Reader reader = new Reader(in.readAllBytes());
      Tables tables =
          new Tables(reader.number(), reader.number(), reader.number(), reader.number());
      Map<String, Rule> known = new HashMap<>();
      add(known, QueryRule.values());
      add(known, TermRule.values());
      add(known, ObjectRule.values());
      for (int rule = 1; rule < tables.rules.length; rule++) {
        tables.lefts[rule] = (byte) reader.number();
        tables.lengths[rule] = (byte) reader.number();
        tables.rules[rule] = known.get(reader.word());
      }
      for (int state = 0; state < tables.defaults.length; state++) {
        tables.read(state, reader);
      }
      return tables;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(Map<String, Rule> known, Rule[] rules) {
    for (Rule rule : rules) {
      known.put(rule.toString(), rule);
    }
  }

  private void read(int state, Reader reader) {
    defaults[state] = (short) reader.number();
    int count = reader.number();
    isDefaultOnly[state] = count == 0 && defaults[state] != 0;
    for (int i = 0; i < count; i++) {
      int terminal = reader.number();
      actions[state * TERMINALS + terminal] = (short) reader.number();
    }
    count = reader.number();
    for (int i = 0; i < count; i++) {
      int nonterminal = reader.number();
      gotos[state * nonterminals + nonterminal] = (short) reader.number();
    }
  }

  /// The numbers and words of the file, which blanks and line ends separate.
  private static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    int number() {
      int sign = 1;
      if (bytes[at] == '-') {
        sign = -1;
        at++;
      }
      int number = 0;
      while (bytes[at] > ' ') {
        number = 10 * number + bytes[at++] - '0';
      }
      at++;
      return sign * number;
    }

    String word() {
      int start = at;
      while (bytes[at] > ' ') {
        at++;
      }
      return new String(bytes, start, at++ - start, StandardCharsets.US_ASCII);
    }
  }
}
