package io.direktiv.functions.docker;

import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// An engine's answer, whose body is read as it comes. Closing it closes the connection.
final class Answer implements AutoCloseable {
  private final Connection connection;
  private final int status;
  private final InputStream body;

  private Answer(Connection connection, int status, InputStream body) {
    this.connection = connection;
    this.status = status;
    this.body = body;
  }

  /// Reads status and headers.
  static Answer read(Connection connection) throws IOException {
    InputStream in = connection.in();
    String[] first = line(in).split(" ", 3);
    if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("[0-9]{3}")) {
      throw new IOException("the answer is no HTTP; is this the socket of a container engine?");
    }
    Map<String, String> headers = new HashMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      if (colon < 1 || headers.size() > 100) {
        throw new IOException("the answer has a header that is none");
      }
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int status = Integer.parseInt(first[1]);
    return new Answer(connection, status, body(status, headers, in));
  }

  private static InputStream body(int status, Map<String, String> headers, InputStream in)
      throws IOException {
    if (status == 204 || status == 304) {
      return InputStream.nullInputStream();
    }
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return new ChunkedBody(in);
    }
    String length = headers.get("content-length");
    if (length == null || status == 101) {
      return in;
    }
    if (!length.matches("[0-9]{1,18}")) {
      throw new IOException("the answer has a length that is none");
    }
    return new SizedBody(in, Long.parseLong(length));
  }

  /// A line without its end, at most [Limits#LINE_BYTES_MAX] long.
  static String line(InputStream in) throws IOException {
    return optionalLine(in).orElseThrow(() -> new EOFException("the answer ended early"));
  }

  /// A line without its end; empty at the end of the stream.
  static Optional<String> optionalLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b = in.read();
    if (b < 0) {
      return Optional.empty();
    }
    for (; b >= 0 && b != '\n'; b = in.read()) {
      if (line.size() >= Limits.LINE_BYTES_MAX) {
        throw new IOException("the answer has a line of more than 64 KiB");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.UTF_8);
    return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }

  int status() {
    return status;
  }

  InputStream body() {
    return body;
  }

  /// Writes `input` into a connection that the engine upgraded, and says that this is all.
  void write(byte[] input) throws IOException {
    connection.out().write(input);
    connection.endOutput();
  }

  /// Fails unless the status says yes.
  Answer requireSuccess() throws IOException {
    if (status >= 300) {
      throw new EngineException(status, message());
    }
    return this;
  }

  private String message() throws IOException {
    String text = new String(body.readNBytes(Limits.LINE_BYTES_MAX), StandardCharsets.UTF_8);
    try {
      if (Json.parse(text) instanceof JsonObject object
          && object.get("message") instanceof JsonString(String message)) {
        return message;
      }
    } catch (JsonException _) {
      // An answer in plain text.
    }
    return text.isBlank() ? "status " + status : text.strip();
  }

  /// The body as an object.
  JsonObject json() throws IOException {
    return any() instanceof JsonObject object ? object : JsonObject.EMPTY;
  }

  /// The body as JSON.
  Json any() throws IOException {
    byte[] bytes = body.readNBytes(Limits.ANSWER_BYTES_MAX + 1);
    if (bytes.length > Limits.ANSWER_BYTES_MAX) {
      throw new IOException("the answer has more than 8 MiB");
    }
    try {
      return Json.parse(bytes);
    } catch (JsonException e) {
      throw new IOException("the answer is no JSON: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    connection.close();
  }

  /// A body of a known length.
  private static final class SizedBody extends InputStream {
    private final InputStream in;
    private long left;

    SizedBody(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      if (left == 0) {
        return -1;
      }
      int got = in.read(bytes, offset, (int) Math.min(count, left));
      if (got < 0) {
        throw new EOFException("the answer ended early");
      }
      left -= got;
      return got;
    }
  }

  /// A body in chunks (RFC 9112, section 7.1); trailers are left unread.
  private static final class ChunkedBody extends InputStream {
    private final InputStream in;
    private long left;
    private boolean isFirst = true;
    private boolean isEnded;

    ChunkedBody(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      if (left == 0 && !isEnded) {
        nextChunk();
      }
      if (isEnded) {
        return -1;
      }
      int got = in.read(bytes, offset, (int) Math.min(count, left));
      if (got < 0) {
        throw new EOFException("the answer ended early");
      }
      left -= got;
      return got;
    }

    private void nextChunk() throws IOException {
      if (!isFirst && !line(in).isEmpty()) {
        throw new IOException("the answer has a chunk that is longer than it says");
      }
      isFirst = false;
      String size = line(in).split(";", 2)[0].strip();
      if (!size.matches("[0-9a-fA-F]{1,15}")) {
        throw new IOException("the answer has a chunk without a length");
      }
      left = Long.parseLong(size, 16);
      isEnded = left == 0;
    }
  }
}
