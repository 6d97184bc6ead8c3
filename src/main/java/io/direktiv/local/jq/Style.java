package io.direktiv.local.jq;

/// How values are printed.
///
/// @param layout compact, or over several lines
/// @param indent blanks for a level, or tabs when negative; counts when over several lines
/// @param isSorted keys in order of their code points
/// @param isAscii everything else as escapes
/// @param colors how each kind of value begins on a terminal
record Style(Layout layout, int indent, boolean isSorted, boolean isAscii, Colors colors) {
  /// One line or several.
  enum Layout {
    COMPACT,
    LINES
  }

  static final Style COMPACT = new Style(Layout.COMPACT, 0, false, false, Colors.NONE);

  Style compact() {
    return new Style(Layout.COMPACT, 0, isSorted, isAscii, colors);
  }

  boolean isOverLines() {
    return layout == Layout.LINES;
  }
}
