package io.direktiv.jq.syntax;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Makes `tables.txt` of `grammar.txt`: the LALR(1) automaton, with precedences and default
/// reductions as Bison has them (its manual, sections 5.3 and 5.8.2).
///
/// A symbol is a number: terminals first, in the order of [Terminal], then what rules make. An item
/// is a rule and how far it is read, `rule * DOTS + dot`.
final class TableMaker {
  private static final Path FOLDER = Path.of("src/main/resources/io/direktiv/jq/syntax");
  private static final int DOTS = 16;
  private static final int TERMINALS = Terminal.values().length;
  private static final int NOBODY = TERMINALS;

  private record Rule(int left, int[] right, int level, String makes) {}

  private enum Side {
    LEFT,
    RIGHT,
    NONE,
    UNSAID
  }

  private final List<Rule> rules = new ArrayList<>();
  private final Map<String, Integer> symbols = new LinkedHashMap<>();
  private final Map<Integer, Integer> levels = new HashMap<>();
  private final List<Side> sides = new ArrayList<>(List.of(Side.UNSAID));
  private final List<int[]> kernels = new ArrayList<>();
  private final List<Map<Integer, Integer>> edges = new ArrayList<>();
  private final List<Map<Integer, BitSet>> lookaheads = new ArrayList<>();
  private final List<String> conflicts = new ArrayList<>();
  private BitSet[] firsts;
  private BitSet empties;

  /// Writes the file.
  public static void main(String[] args) throws IOException {
    Files.writeString(FOLDER.resolve("tables.txt"), new TableMaker().make());
  }

  static String made() throws IOException {
    return Files.readString(FOLDER.resolve("tables.txt"));
  }

  /// Where the grammar leaves two ways.
  List<String> conflicts() {
    return conflicts;
  }

  String make() throws IOException {
    read(Files.readAllLines(FOLDER.resolve("grammar.txt")));
    findFirsts();
    findStates();
    findLookaheads();
    return write();
  }

  // ---- the grammar ----

  private void read(List<String> lines) {
    for (Terminal each : Terminal.values()) {
      symbols.put(each.label, symbols.size());
    }
    rules.add(null);
    for (String line : lines) {
      String[] words = line.trim().split(" +");
      if (line.startsWith("%")) {
        sides.add(
            switch (words[0]) {
              case "%left" -> Side.LEFT;
              case "%right" -> Side.RIGHT;
              case "%nonassoc" -> Side.NONE;
              default -> Side.UNSAID;
            });
        for (int i = 1; i < words.length; i++) {
          levels.put(terminal(words[i]), sides.size() - 1);
        }
      } else if (!line.isBlank() && !line.startsWith("#")) {
        rules.add(rule(words));
      }
    }
    int start = rules.get(1).left;
    rules.set(0, new Rule(-1, new int[] {start, 0}, 0, ""));
  }

  private int terminal(String word) {
    Integer symbol = symbols.get(word);
    if (symbol == null || symbol >= TERMINALS) {
      throw new IllegalArgumentException(word + " is no terminal");
    }
    return symbol;
  }

  private Rule rule(String[] words) {
    String name = words[0].substring(0, words[0].length() - 1);
    final int left = symbols.computeIfAbsent(name, _ -> symbols.size());
    List<Integer> right = new ArrayList<>();
    int level = 0;
    int i = 1;
    for (; !words[i].equals("=>"); i++) {
      if (words[i].equals("%prec")) {
        level = levels.get(terminal(words[i + 1]));
        break;
      }
      right.add(symbols.computeIfAbsent(words[i], _ -> symbols.size()));
    }
    if (words[i].equals("=>")) {
      for (int symbol : right) {
        level = symbol < TERMINALS ? levels.getOrDefault(symbol, 0) : level;
      }
    }
    return new Rule(
        left, right.stream().mapToInt(s -> s).toArray(), level, words[words.length - 1]);
  }

  private void findFirsts() {
    firsts = new BitSet[symbols.size()];
    empties = new BitSet();
    for (int i = 0; i < firsts.length; i++) {
      firsts[i] = new BitSet();
      if (i < TERMINALS) {
        firsts[i].set(i);
      }
    }
    boolean isChanged = true;
    while (isChanged) {
      isChanged = false;
      for (Rule rule : rules.subList(1, rules.size())) {
        int before = firsts[rule.left].cardinality() + empties.cardinality();
        if (addFirsts(rule.right, 0, firsts[rule.left])) {
          empties.set(rule.left);
        }
        isChanged |= before != firsts[rule.left].cardinality() + empties.cardinality();
      }
    }
  }

  /// Adds what `symbols` from `from` on can begin with; true when they can be nothing.
  private boolean addFirsts(int[] symbols, int from, BitSet to) {
    for (int i = from; i < symbols.length; i++) {
      to.or(firsts[symbols[i]]);
      if (!empties.get(symbols[i])) {
        return false;
      }
    }
    return true;
  }

  // ---- the states ----

  private void findStates() {
    Map<List<Integer>, Integer> known = new HashMap<>();
    kernels.add(new int[] {0});
    known.put(List.of(0), 0);
    for (int state = 0; state < kernels.size(); state++) {
      Map<Integer, List<Integer>> next = new TreeMap<>();
      Map<Integer, BitSet> items = new TreeMap<>();
      for (int item : kernels.get(state)) {
        items.put(item, new BitSet());
      }
      close(items);
      for (int item : items.keySet()) {
        int symbol = afterDot(item);
        if (symbol >= 0) {
          next.computeIfAbsent(symbol, _ -> new ArrayList<>()).add(item + 1);
        }
      }
      Map<Integer, Integer> out = new TreeMap<>();
      next.forEach((symbol, kernel) -> {
        out.put(
            symbol,
            known.computeIfAbsent(
                kernel,
                _ -> {
                  kernels.add(kernel.stream().mapToInt(i -> i).toArray());
                  return kernels.size() - 1;
                }));
      });
      edges.add(out);
    }
  }

  private int afterDot(int item) {
    int[] right = rules.get(item / DOTS).right;
    int dot = item % DOTS;
    return dot < right.length ? right[dot] : -1;
  }

  /// Adds what may begin where an item stands, with what may follow it.
  private void close(Map<Integer, BitSet> items) {
    Deque<Integer> open = new ArrayDeque<>(items.keySet());
    while (!open.isEmpty()) {
      int item = open.poll();
      int symbol = afterDot(item);
      if (symbol < TERMINALS) {
        continue;
      }
      BitSet follow = new BitSet();
      if (addFirsts(rules.get(item / DOTS).right, item % DOTS + 1, follow)) {
        follow.or(items.get(item));
      }
      for (int rule = 1; rule < rules.size(); rule++) {
        if (rules.get(rule).left != symbol) {
          continue;
        }
        BitSet known = items.get(rule * DOTS);
        boolean isNew = known == null;
        known = isNew ? new BitSet() : known;
        int before = known.cardinality();
        known.or(follow);
        items.put(rule * DOTS, known);
        if (isNew || before != known.cardinality()) {
          open.add(rule * DOTS);
        }
      }
    }
  }

  private record Link(int state, int item) {}

  /// What may follow each item of a kernel: found where it comes up, and passed on.
  private void findLookaheads() {
    Map<Link, List<Link>> passed = new HashMap<>();
    for (int[] kernel : kernels) {
      Map<Integer, BitSet> of = new TreeMap<>();
      for (int item : kernel) {
        of.put(item, new BitSet());
      }
      lookaheads.add(of);
    }
    Deque<Link> open = new ArrayDeque<>();
    for (int state = 0; state < kernels.size(); state++) {
      for (int item : kernels.get(state)) {
        Map<Integer, BitSet> items = new TreeMap<>();
        items.put(item, new BitSet());
        items.get(item).set(NOBODY);
        close(items);
        for (Map.Entry<Integer, BitSet> each : items.entrySet()) {
          int symbol = afterDot(each.getKey());
          if (symbol < 0) {
            continue;
          }
          Link to = new Link(edges.get(state).get(symbol), each.getKey() + 1);
          BitSet found = (BitSet) each.getValue().clone();
          if (found.get(NOBODY)) {
            passed.computeIfAbsent(new Link(state, item), _ -> new ArrayList<>()).add(to);
            found.clear(NOBODY);
          }
          lookaheads.get(to.state).get(to.item).or(found);
          open.add(to);
        }
      }
    }
    while (!open.isEmpty()) {
      Link from = open.poll();
      for (Link to : passed.getOrDefault(from, List.of())) {
        BitSet known = lookaheads.get(to.state).get(to.item);
        int before = known.cardinality();
        known.or(lookaheads.get(from.state).get(from.item));
        if (before != known.cardinality()) {
          open.add(to);
        }
      }
    }
  }

  // ---- the tables ----

  private String write() {
    int last = edges.get(edges.get(0).get(rules.get(1).left)).get(0);
    StringBuilder out = new StringBuilder();
    out.append(rules.size()).append(' ').append(kernels.size()).append(' ');
    out.append(symbols.size() - TERMINALS).append(' ').append(last).append('\n');
    for (Rule rule : rules.subList(1, rules.size())) {
      out.append(rule.left - TERMINALS).append(' ').append(rule.right.length).append(' ');
      out.append(rule.makes).append('\n');
    }
    for (int state = 0; state < kernels.size(); state++) {
      write(state, out);
    }
    return out.toString();
  }

  private void write(int state, StringBuilder out) {
    Map<Integer, BitSet> reductions = reductions(state);
    Map<Integer, Integer> shifts = new TreeMap<>();
    Map<Integer, Integer> gotos = new TreeMap<>();
    edges
        .get(state)
        .forEach((symbol, to) -> {
          if (symbol < TERMINALS) {
            shifts.put(symbol, to);
          } else {
            gotos.put(symbol - TERMINALS, to);
          }
        });
    boolean isConsistent = reductions.size() == 1 && shifts.isEmpty();
    BitSet refused = resolve(state, reductions, shifts);
    int[] row = new int[TERMINALS];
    reductions.forEach((rule, follow) ->
        follow.stream()
            .forEach(t -> {
              if (row[t] != 0) {
                conflicts.add("state " + state + ", " + Terminal.of(t) + ": two rules");
              }
              row[t] = -rule;
            }));
    shifts.forEach((terminal, to) -> row[terminal] = to);
    refused.stream().forEach(t -> row[t] = Tables.REFUSE);
    int byDefault = 0;
    if (isConsistent) {
      byDefault = reductions.keySet().iterator().next();
      Arrays.fill(row, 0);
    } else if (!shifts.containsKey(Terminal.ERROR.ordinal())) {
      byDefault = mostCommon(row, reductions);
    }
    for (int t = 0; t < TERMINALS; t++) {
      boolean isDefault = byDefault == 0 ? row[t] == Tables.REFUSE : row[t] == -byDefault;
      row[t] = isDefault ? 0 : row[t];
    }
    Map<Integer, Integer> actions = new TreeMap<>();
    for (int t = 0; t < TERMINALS; t++) {
      if (row[t] != 0) {
        actions.put(t, row[t]);
      }
    }
    out.append(byDefault).append(' ').append(actions.size());
    actions.forEach((terminal, action) -> out.append(' ').append(terminal + " " + action));
    out.append(' ').append(gotos.size());
    gotos.forEach((symbol, to) -> out.append(' ').append(symbol + " " + to));
    out.append('\n');
  }

  private Map<Integer, BitSet> reductions(int state) {
    Map<Integer, BitSet> items = new TreeMap<>();
    lookaheads.get(state).forEach((item, follow) -> items.put(item, (BitSet) follow.clone()));
    close(items);
    Map<Integer, BitSet> reductions = new TreeMap<>();
    items.forEach((item, follow) -> {
      if (item / DOTS > 0 && afterDot(item) < 0) {
        reductions.put(item / DOTS, follow);
      }
    });
    return reductions;
  }

  /// Decides between shifting and reducing by precedence; returns what neither may do.
  private BitSet resolve(int state, Map<Integer, BitSet> reductions, Map<Integer, Integer> shifts) {
    BitSet refused = new BitSet();
    reductions.forEach((rule, follow) -> {
      for (int terminal : List.copyOf(shifts.keySet())) {
        if (!follow.get(terminal)) {
          continue;
        }
        int level = rules.get(rule).level;
        int other = levels.getOrDefault(terminal, 0);
        boolean isUnsaid = level == other && sides.get(level) == Side.UNSAID;
        if (level == 0 || other == 0 || isUnsaid) {
          conflicts.add("state " + state + ", " + Terminal.of(terminal) + ": rule " + rule);
        } else if (level < other || level == other && sides.get(level) == Side.RIGHT) {
          follow.clear(terminal);
        } else if (level > other || sides.get(level) == Side.LEFT) {
          shifts.remove(terminal);
        } else {
          follow.clear(terminal);
          shifts.remove(terminal);
          refused.set(terminal);
        }
      }
    });
    return refused;
  }

  private static int mostCommon(int[] row, Map<Integer, BitSet> reductions) {
    int best = 0;
    long most = 0;
    for (int rule : reductions.keySet()) {
      long count = Arrays.stream(row).filter(action -> action == -rule).count();
      if (count > most) {
        best = rule;
        most = count;
      }
    }
    return best;
  }
}
