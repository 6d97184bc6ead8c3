package io.direktiv.functions.reach;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Opens channels in the network of another process of this machine. Safe for use by many threads.
public interface Entrance extends AutoCloseable {
  /// Connects to what listens at `port` of the loopback address in there.
  ///
  /// @throws java.net.ConnectException when nothing does
  SocketChannel connect(int port) throws IOException;

  /// Listens at `port` of the loopback address in there.
  ServerSocketChannel listen(int port) throws IOException;

  /// Opens no more; twice is fine.
  @Override
  void close();
}
