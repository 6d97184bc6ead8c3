package io.direktiv.functions.contract;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// HTTP/1.1 over one connection, for one message each way (RFC 9112). The other side may be
/// hostile: heads and bodies are bounded, and what is no HTTP fails. For one thread, but for
/// `abort`.
final class HttpConnection implements AutoCloseable {
  private static final int HEAD_BYTES_MAX = 64 << 10;
  private static final int HEADERS_MAX = 100;
  private static final int INTERIM_MAX = 10;

  private final SocketChannel channel;
  private final InputStream in;
  private int headBytes;

  HttpConnection(SocketChannel channel) {
    this.channel = channel;
    this.in = new BufferedInputStream(Channels.newInputStream(channel), 16 << 10);
  }

  /// A message that was read.
  ///
  /// @param first the words of its first line
  /// @param headers by their names in small letters
  record Message(String[] first, Map<String, String> headers) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /// A body of more bytes than it may have.
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLargeException(int most) {
      super("the body has more than " + most + " bytes");
    }
  }

  /// Writes a head and a body.
  void write(String head, byte[] body) throws IOException {
    String length = "Content-Length: " + body.length + "\r\nConnection: close\r\n\r\n";
    writeFully(ByteBuffer.wrap((head + length).getBytes(StandardCharsets.UTF_8)));
    writeFully(ByteBuffer.wrap(body));
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Reads the head of an answer; those that only say to wait are left out.
  Message readAnswer() throws IOException {
    for (int i = 0; i < INTERIM_MAX; i++) {
      Message head = readHead();
      String[] first = head.first();
      if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("[1-9]\\d\\d")) {
        throw new IOException("the answer is no HTTP/1.1");
      }
      if (!first[1].startsWith("1")) {
        return head;
      }
    }
    throw new IOException("the answer begins with more than " + INTERIM_MAX + " interim answers");
  }

  /// Reads a head.
  Message readHead() throws IOException {
    String[] first = line().split(" ", 3);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() >= HEADERS_MAX) {
        throw new IOException("the head has a bad header, or more than " + HEADERS_MAX);
      }
      headers.putIfAbsent(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Message(first, headers);
  }

  /// Reads an answer's body, which ends with the connection when its head does not say where.
  byte[] readAnswerBody(Message head, int most) throws IOException {
    String status = head.first()[1];
    if (status.equals("204") || status.equals("304")) {
      return new byte[0];
    }
    boolean isOpen =
        head.header("transfer-encoding").isEmpty() && head.header("content-length").isEmpty();
    return isOpen ? bounded(in.readNBytes(most + 1), most) : readBody(head, most);
  }

  /// Reads a body, which is empty when the head does not tell its length.
  byte[] readBody(Message head, int most) throws IOException {
    String encoding = head.header("transfer-encoding");
    if (encoding.equalsIgnoreCase("chunked")) {
      return chunks(most);
    }
    String length = head.header("content-length");
    if (!encoding.isEmpty() || !length.matches("\\d{0,18}")) {
      throw new IOException("the head has a length or an encoding that is none");
    }
    long wanted = length.isEmpty() ? 0 : Long.parseLong(length);
    if (wanted > most) {
      throw new TooLargeException(most);
    }
    return exactly((int) wanted);
  }

  private byte[] chunks(int most) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      headBytes = 0;
      String size = line().split(";", 2)[0].strip();
      if (!size.matches("[0-9a-fA-F]{1,8}")) {
        throw new IOException("a chunk has a length that is none");
      }
      long wanted = Long.parseLong(size, 16);
      if (wanted == 0) {
        return body.toByteArray();
      }
      if (body.size() + wanted > most) {
        throw new TooLargeException(most);
      }
      body.writeBytes(exactly((int) wanted));
      if (!line().isEmpty()) {
        throw new IOException("a chunk is longer than it says");
      }
    }
  }

  private byte[] exactly(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the connection was closed within the body");
    }
    return bytes;
  }

  private static byte[] bounded(byte[] bytes, int most) throws IOException {
    if (bytes.length > most) {
      throw new TooLargeException(most);
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection was closed");
      }
      if (++headBytes > HEAD_BYTES_MAX) {
        throw new IOException("the head has more than 64 KiB");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public void close() {
    abort();
  }

  /// Ends what is under way, for another thread.
  void abort() {
    try {
      channel.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }
}
