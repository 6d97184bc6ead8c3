package io.direktiv.functions.reach;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// What a [Relay] and its program say to each other, line by line.
///
/// ```
///   enter KEY PID NETWORK    ok, and the key is known until this connection ends
///   connect KEY PORT         ok, and from here on bytes; or refused
///   listen KEY PORT NAME     ok, and who connects there is carried to the socket NAME
///                            no WORDS, to each: why not
/// ```
final class RelayWords {
  /// The name of the program's socket.
  static final String DOOR = "relay";

  static final String READY = "ready";
  static final String ENTER = "enter";
  static final String CONNECT = "connect";
  static final String LISTEN = "listen";
  static final String YES = "ok";
  static final String REFUSED = "refused";
  static final String NO = "no ";

  private static final int LINE_MAX = 1000;

  private RelayWords() {}

  /// Writes one line.
  static void say(SocketChannel channel, String line) throws IOException {
    String oneLine = line.replace('\n', ' ');
    String text = oneLine.substring(0, Math.min(oneLine.length(), LINE_MAX / 4)) + "\n";
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Reads one line, and nothing of what follows.
  static String hear(SocketChannel channel) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(LINE_MAX);
    while (line.position() == 0 || line.get(line.position() - 1) != '\n') {
      if (!line.hasRemaining()) {
        throw new IOException("a line has more than " + LINE_MAX + " bytes");
      }
      line.limit(line.position() + 1);
      if (channel.read(line) < 0) {
        throw new EOFException("the relay has ended");
      }
      line.limit(LINE_MAX);
    }
    return new String(line.array(), 0, line.position() - 1, StandardCharsets.UTF_8);
  }
}
