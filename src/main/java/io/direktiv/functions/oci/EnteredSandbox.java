package io.direktiv.functions.oci;

import io.direktiv.functions.reach.Inside;
import io.direktiv.functions.reach.NetworkNamespace;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/// The way into a sandbox for a process that may enter its network. Safe for use by many threads.
record EnteredSandbox(NetworkNamespace network, Rights.Hold hold) implements Inside {
  /// The way into the sandbox whose first process is `pid`, until `ended` completes.
  static EnteredSandbox open(int pid, Rights.Hold hold, CompletableFuture<?> ended)
      throws IOException {
    NetworkNamespace network = NetworkNamespace.of(pid);
    ended.whenComplete((_, _) -> network.close());
    return new EnteredSandbox(network, hold);
  }

  @Override
  public SocketChannel connect(int port) throws IOException {
    return network.connect(port);
  }

  @Override
  public ServerSocketChannel listen(int port) throws IOException {
    return network.listen(port);
  }

  @Override
  public boolean freeze(boolean isFrozen) {
    return hold.freeze(isFrozen);
  }
}
