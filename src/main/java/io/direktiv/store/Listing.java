package io.direktiv.store;

import java.util.List;

/// A page of a list and the length of the whole.
public record Listing<T>(List<T> items, long total) {
  public Listing {
    items = List.copyOf(items);
  }
}
