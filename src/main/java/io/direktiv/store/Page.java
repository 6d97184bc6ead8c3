package io.direktiv.store;

/// A part of a list.
///
/// @param offset how many to leave out
/// @param limit how many to return at most, 1 to [#LIMIT_MAX]
public record Page(int offset, int limit) {
  /// The longest page.
  public static final int LIMIT_MAX = 10_000;

  /// The first page of the longest length.
  public static final Page ALL = new Page(0, LIMIT_MAX);

  public Page {
    if (offset < 0 || limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException(
          "page offset must be 0 or more and limit 1 to "
              + LIMIT_MAX
              + ", but they are "
              + offset
              + " and "
              + limit);
    }
  }
}
