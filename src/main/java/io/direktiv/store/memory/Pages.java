package io.direktiv.store.memory;

import io.direktiv.store.Listing;
import io.direktiv.store.Page;
import java.util.List;

/// Cuts pages out of lists.
final class Pages {
  private Pages() {}

  static <T> Listing<T> of(List<T> all, Page page) {
    return new Listing<>(all.stream().skip(page.offset()).limit(page.limit()).toList(), all.size());
  }
}
