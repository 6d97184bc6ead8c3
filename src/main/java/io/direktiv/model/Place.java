package io.direktiv.model;

/// A place in a file, both counted from 1.
public record Place(int line, int column) {
  /// The beginning of the file.
  public static final Place START = new Place(1, 1);
}
