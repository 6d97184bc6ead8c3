package io.direktiv.functions.reach;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// Two connections that are made one: what comes from either goes to the other, and so does the end
/// of what comes.
///
/// A side that has closed altogether looks like one that has only said everything, until something
/// is written to it; so a pair lasts until both have said everything, or the sandbox ends.
record Pair(SocketChannel outer, SocketChannel inner) implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 << 10;

  /// Carries until both have nothing more to say.
  void carry() {
    Thread back = Thread.ofVirtual().start(() -> copy(inner, outer));
    copy(outer, inner);
    try {
      back.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  private void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES);
    try {
      while (from.read(bytes) >= 0) {
        bytes.flip();
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
        bytes.clear();
      }
      to.shutdownOutput();
    } catch (IOException _) {
      close();
    }
  }

  @Override
  public void close() {
    close(outer);
    close(inner);
  }

  static void close(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception _) {
      // It is gone either way.
    }
  }
}
