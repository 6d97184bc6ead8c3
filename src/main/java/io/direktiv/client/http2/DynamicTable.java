package io.direktiv.client.http2;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/// The header fields that the server told before, newest first (RFC 7541, section 2.3.2).
final class DynamicTable {
  private final Deque<Header> entries = new ArrayDeque<>();
  private int bytes;
  private int bytesMax = Limits.HEADER_TABLE_BYTES_MAX;

  /// How many entries there are.
  int size() {
    return entries.size();
  }

  /// What the entries count in bytes.
  int bytes() {
    return bytes;
  }

  /// The entry at `index`; the newest has 0.
  Header get(int index) {
    Iterator<Header> each = entries.iterator();
    for (int i = 0; i < index; i++) {
      each.next();
    }
    return each.next();
  }

  /// Adds a field, for which old ones leave; one larger than the table empties it.
  void add(Header header) {
    evict(bytesMax - header.size());
    if (header.size() <= bytesMax) {
      entries.addFirst(header);
      bytes += header.size();
    }
  }

  /// Changes the size of the table.
  void resize(int bytesMax) {
    this.bytesMax = bytesMax;
    evict(bytesMax);
  }

  private void evict(int bytesAllowed) {
    while (bytes > Math.max(0, bytesAllowed)) {
      bytes -= entries.removeLast().size();
    }
  }
}
