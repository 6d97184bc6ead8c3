package io.direktiv.functions.reach;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The network of a process as a [Relay] reaches it, entered at its first use. Safe for use by many
/// threads.
final class RelayedNetwork implements Entrance {
  private final Relay relay;
  private final long pid;
  private final String network;
  private final String key = UUID.randomUUID().toString();
  private final List<Path> sockets = new ArrayList<>();
  private Process enteredBy;
  private SocketChannel lease;
  private boolean isClosed;

  /// @param network the name of the network of `pid`, as `/proc` gives it
  RelayedNetwork(Relay relay, long pid, String network) {
    this.relay = relay;
    this.pid = pid;
    this.network = network;
  }

  @Override
  public SocketChannel connect(int port) throws IOException {
    enter();
    return relay.ask(RelayWords.CONNECT, key, Integer.toString(port));
  }

  @Override
  public ServerSocketChannel listen(int port) throws IOException {
    enter();
    String name = key.substring(0, 8) + "-" + port;
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(opened(relay.socket(name))));
      relay.ask(RelayWords.LISTEN, key, Integer.toString(port), name).close();
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private synchronized void enter() throws IOException {
    if (isClosed) {
      throw new IOException("the sandbox has ended");
    }
    Process program = relay.program();
    if (program != enteredBy) {
      lease = relay.ask(RelayWords.ENTER, key, Long.toString(pid), network);
      enteredBy = program;
    }
  }

  private synchronized Path opened(Path socket) throws IOException {
    if (isClosed) {
      throw new IOException("the sandbox has ended");
    }
    Files.deleteIfExists(socket);
    sockets.add(socket);
    return socket;
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    if (lease != null) {
      Pair.close(lease);
    }
    for (Path socket : sockets) {
      Pair.close(() -> Files.deleteIfExists(socket));
    }
    sockets.clear();
  }
}
