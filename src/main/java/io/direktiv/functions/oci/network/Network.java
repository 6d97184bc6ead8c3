package io.direktiv.functions.oci.network;

import java.io.IOException;
import java.nio.file.Path;

/// Gives sandboxes their way out. Safe for use by many threads.
public interface Network extends AutoCloseable {
  /// Gives the sandbox whose first process is `pid` a way out, until the link is closed.
  ///
  /// @param folder a folder of the sandbox's own, which goes with it
  Link attach(int pid, Path folder) throws IOException;

  @Override
  void close() throws IOException;

  /// The way out of one sandbox; to be closed when that has ended.
  interface Link extends AutoCloseable {
    @Override
    void close();
  }
}
