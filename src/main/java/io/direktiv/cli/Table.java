package io.direktiv.cli;

import java.util.List;

/// A table as Go's tablewriter draws it: lines of ASCII, centred headings, cells on the left.
final class Table {
  private Table() {}

  /// The lines of a table.
  ///
  /// @param headings upper case
  /// @param rows as many cells each as there are headings
  static String draw(List<String> headings, List<List<String>> rows) {
    int[] widths = new int[headings.size()];
    measure(headings, widths);
    rows.forEach(row -> measure(row, widths));
    StringBuilder out = new StringBuilder();
    line(out, widths);
    for (int i = 0; i < widths.length; i++) {
      int gap = widths[i] - width(headings.get(i));
      cell(out, gap / 2, headings.get(i), gap - gap / 2);
    }
    out.append("|\n");
    line(out, widths);
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        cell(out, 0, row.get(i), widths[i] - width(row.get(i)));
      }
      out.append("|\n");
    }
    line(out, widths);
    return out.toString();
  }

  private static void measure(List<String> cells, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(cells.get(i)));
    }
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private static void cell(StringBuilder out, int before, String text, int after) {
    out.append("| ").repeat(' ', before).append(text).repeat(' ', after).append(' ');
  }

  private static void line(StringBuilder out, int[] widths) {
    for (int width : widths) {
      out.append('+').repeat('-', width + 2);
    }
    out.append("+\n");
  }
}
