package io.direktiv.functions.reach;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// A sandbox whose network the program of a [Relay] has entered: the connections into it and out of
/// it, not more than [#CONNECTIONS_MAX]. Safe for use by many threads.
final class RelayedSandbox implements AutoCloseable {
  /// How many connections a sandbox has at one time, both ways together.
  static final int CONNECTIONS_MAX = 256;

  private final NetworkNamespace network;
  private final Path folder;
  private final Semaphore places = new Semaphore(CONNECTIONS_MAX);
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;

  /// @param folder where the server's sockets are
  RelayedSandbox(NetworkNamespace network, Path folder) {
    this.network = network;
    this.folder = folder;
  }

  /// Carries between `outer` and what listens at `port`, until one of them ends.
  ///
  /// @throws IOException when nothing listens, or there are too many already
  void connect(SocketChannel outer, int port) throws IOException {
    if (!places.tryAcquire()) {
      throw new IOException("the sandbox has " + CONNECTIONS_MAX + " connections already");
    }
    try {
      SocketChannel inner = network.connect(port);
      carry(new Pair(outer, inner), RelayWords.YES);
    } finally {
      places.release();
    }
  }

  private void carry(Pair pair, String first) throws IOException {
    open.add(pair);
    try (pair) {
      if (!first.isEmpty()) {
        RelayWords.say(pair.outer(), first);
      }
      if (!isClosed) {
        pair.carry();
      }
    } finally {
      open.remove(pair);
    }
  }

  /// Listens at `port`, and carries who connects to the server's socket `name`, as long as that is
  /// open.
  void listen(int port, String name) throws IOException {
    ServerSocketChannel door = network.listen(port);
    open.add(door);
    if (isClosed) {
      door.close();
    }
    Path target = folder.resolve(name);
    Thread.ofVirtual().start(() -> accept(door, target));
  }

  private void accept(ServerSocketChannel door, Path target) {
    try (door) {
      while (true) {
        SocketChannel inner = door.accept();
        if (!places.tryAcquire()) {
          inner.close();
          continue;
        }
        SocketChannel outer = SocketChannel.open(StandardProtocolFamily.UNIX);
        Pair pair = new Pair(outer, inner);
        try {
          outer.connect(UnixDomainSocketAddress.of(target));
          Thread.ofVirtual().start(() -> carryOut(pair));
        } catch (IOException e) {
          pair.close();
          places.release();
          throw e;
        }
      }
    } catch (IOException _) {
      // The server closed its socket, or the sandbox has ended.
    } finally {
      open.remove(door);
    }
  }

  private void carryOut(Pair pair) {
    try {
      carry(pair, "");
    } catch (IOException _) {
      // Both are closed.
    } finally {
      places.release();
    }
  }

  @Override
  public void close() {
    isClosed = true;
    network.close();
    open.forEach(Pair::close);
  }
}
