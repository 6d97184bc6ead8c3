package io.direktiv.functions.oci;

import io.direktiv.functions.reach.Entrance;
import io.direktiv.functions.reach.Inside;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/// The way into a sandbox over an entrance to its network. Safe for use by many threads.
record EnteredSandbox(Entrance network, Rights.Hold hold) implements Inside {
  /// The way through `network`, until `ended` completes.
  static EnteredSandbox of(Entrance network, Rights.Hold hold, CompletableFuture<?> ended) {
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

  @Override
  public boolean sawMemoryKill() {
    return hold.sawMemoryKill();
  }
}
