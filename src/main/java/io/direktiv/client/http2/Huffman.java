package io.direktiv.client.http2;

import java.io.ByteArrayOutputStream;

/// Reads strings in the Huffman code of RFC 7541, appendix B.
///
/// The code is canonical: of all codes of one length, the symbols in order have consecutive values,
/// and the first value follows from the shorter lengths. So the table of lengths is the whole code.
final class Huffman {
  private static final int SYMBOL_END = 256;
  private static final int LENGTH_MAX = 30;

  /// The length of the code of each symbol; the last is the end of the string.
  private static final byte[] LENGTHS = {
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5,
    6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23,
    23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20,
    22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22,
    22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26,
    27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
    25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30
  };

  /// The value of the first code of each length, and the place of its symbol in [#SYMBOLS].
  private static final int[] FIRST_CODE = new int[LENGTH_MAX + 1];

  private static final int[] FIRST_PLACE = new int[LENGTH_MAX + 1];
  private static final int[] COUNT = new int[LENGTH_MAX + 1];
  private static final short[] SYMBOLS = new short[LENGTHS.length];

  static {
    for (byte length : LENGTHS) {
      COUNT[length]++;
    }
    int code = 0;
    int place = 0;
    for (int length = 1; length <= LENGTH_MAX; length++) {
      code <<= 1;
      FIRST_CODE[length] = code;
      FIRST_PLACE[length] = place;
      code += COUNT[length];
      for (short symbol = 0; symbol < LENGTHS.length; symbol++) {
        if (LENGTHS[symbol] == length) {
          SYMBOLS[place++] = symbol;
        }
      }
    }
  }

  private Huffman() {}

  /// The bytes that `length` bytes of `block` from `offset` stand for.
  ///
  /// @throws Http2Exception when the code is wrong or its padding is not the beginning of the end
  static byte[] decode(byte[] block, int offset, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(length * 2);
    int code = 0;
    int bits = 0;
    for (int i = offset; i < offset + length; i++) {
      for (int bit = 7; bit >= 0; bit--) {
        code = code << 1 | block[i] >> bit & 1;
        bits++;
        int rank = code - FIRST_CODE[bits];
        if (rank >= 0 && rank < COUNT[bits]) {
          out.write(symbol(FIRST_PLACE[bits] + rank));
          code = 0;
          bits = 0;
        }
      }
    }
    boolean isPadding = bits < 8 && code == (1 << bits) - 1;
    if (!isPadding) {
      throw wrong();
    }
    return out.toByteArray();
  }

  private static int symbol(int place) {
    int symbol = SYMBOLS[place];
    if (symbol == SYMBOL_END) {
      throw wrong();
    }
    return symbol;
  }

  private static Http2Exception wrong() {
    return Http2Exception.protocol(
        ErrorCode.COMPRESSION_ERROR, "the server sent a header in a wrong Huffman code");
  }
}
