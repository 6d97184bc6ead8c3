package io.direktiv.functions.oci.network;

import io.direktiv.engine.Codes;
import io.direktiv.functions.SandboxException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// The network of this server's sandboxes, made when the first of them wants a way out. Safe for
/// use by many threads.
public final class Networks implements AutoCloseable {
  private final Opening opener;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile Optional<Network> open = Optional.empty();

  @FunctionalInterface
  private interface Opening {
    Network open() throws IOException;
  }

  private Networks(Opening opener) {
    this.opener = opener;
  }

  /// Networks for a process that is root.
  ///
  /// @param key tells servers of one machine apart
  public static Networks ofRoot(String key) {
    return new Networks(() -> Bridge.open(key));
  }

  /// Networks for a process that is not root.
  ///
  /// @param programs gives the path of the program with a name
  public static Networks ofUser(Function<String, Optional<String>> programs) {
    return new Networks(() -> UserNetwork.open(programs));
  }

  /// The network; tried again at each call until this machine can carry it.
  public Network get() throws SandboxException {
    if (open.isEmpty()) {
      opening.lock();
      try {
        if (open.isEmpty()) {
          open = Optional.of(opener.open());
        }
      } catch (IOException e) {
        throw new SandboxException(
            Codes.FUNCTION_UNAVAILABLE,
            "functions cannot have the network \"egress\" on this machine ("
                + e.getMessage()
                + "); mend that, or give them none with the setting functions-network: none"
                + " (DIREKTIV_FUNCTIONS_NETWORK=none)");
      } finally {
        opening.unlock();
      }
    }
    return open.get();
  }

  @Override
  public void close() throws IOException {
    if (open.isPresent()) {
      open.get().close();
    }
  }
}
