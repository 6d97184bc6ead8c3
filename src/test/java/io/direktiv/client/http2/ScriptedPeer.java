package io.direktiv.client.http2;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A server that does frame by frame what a test says, for one connection.
final class ScriptedPeer implements AutoCloseable {
  private final ServerSocket door;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final List<Frame> seen = new ArrayList<>();
  private DataInputStream in;
  private OutputStream out;

  /// What the peer does once somebody has connected.
  interface Script {
    void play(ScriptedPeer peer) throws IOException;
  }

  ScriptedPeer(Script script) throws IOException {
    door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> run(script));
  }

  private void run(Script script) {
    try (Socket socket = door.accept()) {
      in = new DataInputStream(socket.getInputStream());
      out = socket.getOutputStream();
      script.play(this);
      out.flush();
      socket.shutdownOutput();
      in.readAllBytes();
      done.complete(null);
    } catch (Throwable e) {
      done.completeExceptionally(e);
    }
  }

  int port() {
    return door.getLocalPort();
  }

  /// Waits until the script has ended, and fails when it failed.
  void await() throws InterruptedException, ExecutionException {
    done.get();
  }

  /// Reads the preface and says our settings.
  void greet(String settings) throws IOException {
    in.readNBytes(24);
    send(Frame.SETTINGS, 0, 0, settings);
  }

  /// Reads frames until one of `type`.
  Frame until(int type) throws IOException {
    while (true) {
      Frame frame = next();
      if (frame.type() == type) {
        return frame;
      }
    }
  }

  Frame next() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    Frame frame = new Frame(type, flags, stream, in.readNBytes(length));
    seen.add(frame);
    return frame;
  }

  /// All frames that were read.
  List<Frame> seen() {
    return seen;
  }

  void send(int type, int flags, int stream, String hex) throws IOException {
    send(type, flags, stream, HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  void send(int type, int flags, int stream, byte[] payload) throws IOException {
    byte[] head = {
      (byte) (payload.length >> 16),
      (byte) (payload.length >> 8),
      (byte) payload.length,
      (byte) type,
      (byte) flags,
      (byte) (stream >> 24),
      (byte) (stream >> 16),
      (byte) (stream >> 8),
      (byte) stream
    };
    out.write(head);
    out.write(payload);
  }

  void raw(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
