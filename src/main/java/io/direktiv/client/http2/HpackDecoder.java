package io.direktiv.client.http2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads header blocks (RFC 7541); remembers fields between the blocks of one connection.
final class HpackDecoder {
  private final DynamicTable table = new DynamicTable();
  private byte[] block = {};
  private int at;

  /// The fields of the next block.
  ///
  /// @throws Http2Exception when the block is wrong or its fields count more than
  ///   [Limits#HEADER_LIST_BYTES_MAX]; the connection cannot be used any more then
  List<Header> decode(byte[] block) {
    this.block = block;
    this.at = 0;
    List<Header> headers = new ArrayList<>();
    int bytes = 0;
    while (at < block.length) {
      int first = block[at] & 0xff;
      if ((first & 0xe0) == 0x20) {
        resize(headers.isEmpty());
        continue;
      }
      Header header = field(first);
      bytes += header.size();
      if (bytes > Limits.HEADER_LIST_BYTES_MAX) {
        throw wrong("more than " + Limits.HEADER_LIST_BYTES_MAX + " bytes of headers");
      }
      headers.add(header);
    }
    return headers;
  }

  /// What the remembered fields count in bytes.
  int tableBytes() {
    return table.bytes();
  }

  private Header field(int first) {
    if (first >= 0x80) {
      return lookUp(integer(7));
    }
    boolean isRemembered = first >= 0x40;
    int index = integer(isRemembered ? 6 : 4);
    String name = index == 0 ? string() : lookUp(index).name();
    Header header = new Header(name, string());
    if (isRemembered) {
      table.add(header);
    }
    return header;
  }

  private void resize(boolean isAtStart) {
    int bytes = integer(5);
    if (!isAtStart || bytes > Limits.HEADER_TABLE_BYTES_MAX) {
      throw wrong("a header table of " + bytes + " bytes, or its size after a field");
    }
    table.resize(bytes);
  }

  private Header lookUp(int index) {
    if (index == 0 || index > StaticTable.size() + table.size()) {
      throw wrong("the header with index " + index + ", which does not exist");
    }
    return index <= StaticTable.size()
        ? StaticTable.get(index)
        : table.get(index - StaticTable.size() - 1);
  }

  /// An integer whose first `prefixBits` bits stand in the current byte (section 5.1).
  private int integer(int prefixBits) {
    int mask = (1 << prefixBits) - 1;
    int value = next() & mask;
    if (value < mask) {
      return value;
    }
    for (int shift = 0; shift <= 21; shift += 7) {
      int part = next();
      value += (part & 0x7f) << shift;
      if (part < 0x80) {
        return value;
      }
    }
    throw wrong("a number of more than four bytes");
  }

  private String string() {
    if (at >= block.length) {
      throw wrong("a header block that ends within a field");
    }
    boolean isHuffman = (block[at] & 0x80) != 0;
    int length = integer(7);
    if (length > block.length - at) {
      throw wrong("a string that is longer than its header block");
    }
    int from = at;
    at += length;
    // Fields are octets; one char per octet keeps them all.
    return isHuffman
        ? new String(Huffman.decode(block, from, length), StandardCharsets.ISO_8859_1)
        : new String(block, from, length, StandardCharsets.ISO_8859_1);
  }

  private int next() {
    if (at >= block.length) {
      throw wrong("a header block that ends within a field");
    }
    return block[at++] & 0xff;
  }

  private static Http2Exception wrong(String found) {
    return Http2Exception.protocol(ErrorCode.COMPRESSION_ERROR, "the server sent " + found);
  }
}
