package io.direktiv.functions.reach;

import io.direktiv.functions.data.CallFolder;
import io.direktiv.functions.data.GivenFile;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;

/// The way into a running sandbox. Safe for use by many threads; fails once the sandbox has ended.
public interface Inside {
  /// Connects to what listens at `port` in the sandbox, whatever network it has. What does not let
  /// it in within some seconds fails it with a [java.net.SocketTimeoutException].
  SocketChannel connect(int port) throws IOException;

  /// Listens at the sandbox's own loopback address, so that only what runs in it can connect.
  ServerSocketChannel listen(int port) throws IOException;

  /// Stops or continues all its processes; false where that cannot be done, and then they run.
  boolean freeze(boolean isFrozen);

  /// Makes a folder in the sandbox's data folder for one of the calls that it serves; empty where
  /// that cannot be done.
  default Optional<CallFolder> folder(Map<String, GivenFile> files) throws IOException {
    return Optional.empty();
  }

  /// Blocks until what its processes have printed so far was handed on, or has had time for it;
  /// false where that cannot be known.
  default boolean settle() {
    return false;
  }

  /// True when a process in there was killed for memory; false where that cannot be known.
  default boolean sawMemoryKill() {
    return false;
  }

  /// Nothing can be reached, and `reason` says why.
  static Inside closed(String reason) {
    return new Inside() {
      @Override
      public SocketChannel connect(int port) throws IOException {
        throw new IOException(reason);
      }

      @Override
      public ServerSocketChannel listen(int port) throws IOException {
        throw new IOException(reason);
      }

      @Override
      public boolean freeze(boolean isFrozen) {
        return false;
      }
    };
  }
}
