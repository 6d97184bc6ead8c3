package io.direktiv.api.grpc;

import io.direktiv.store.Listing;
import io.direktiv.store.Page;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What part of a list a client asks for.
///
/// @param offset how many to leave out
/// @param limit how many at most; 0 for all
record Paging(int offset, int limit) {
  /// @throws io.grpc.StatusRuntimeException when one of them is negative
  Paging {
    requirePositive("offset", offset);
    requirePositive("limit", limit);
  }

  private static void requirePositive(String name, int value) {
    if (value < 0) {
      throw Statuses.invalid(name + " must be 0 or more, but it is " + value);
    }
  }

  /// The same part, with `length` where the client leaves it to us.
  Paging orLimit(int length) {
    return limit == 0 ? new Paging(offset, length) : this;
  }

  /// Reads the part, in pages where it is long.
  ///
  /// @param what the things of the list, for the refusal
  /// @param itemsMax the longest answer; refuses when all are asked for and there are more
  <T> Listing<T> read(String what, int itemsMax, Function<Page, Listing<T>> list) {
    int wanted = limit == 0 ? itemsMax : Math.min(limit, itemsMax);
    Listing<T> first = list.apply(new Page(offset, Math.min(wanted, Page.LIMIT_MAX)));
    if (limit == 0 && first.total() - offset > itemsMax) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "there are "
                  + first.total()
                  + " "
                  + what
                  + ", but one answer holds at most "
                  + itemsMax
                  + "; ask for parts with offset and limit")
          .asRuntimeException();
    }
    List<T> items = new ArrayList<>(first.items());
    int last = items.size();
    while (last == Page.LIMIT_MAX && items.size() < wanted) {
      int length = Math.min(wanted - items.size(), Page.LIMIT_MAX);
      List<T> more = list.apply(new Page(offset + items.size(), length)).items();
      items.addAll(more);
      last = more.size();
    }
    return new Listing<>(items, first.total());
  }
}
