package io.direktiv.functions.docker;

import io.direktiv.functions.Sandbox;
import io.direktiv.functions.data.CallFolder;
import io.direktiv.functions.data.DataFolder;
import io.direktiv.functions.data.GivenFile;
import io.direktiv.functions.reach.Inside;
import io.direktiv.functions.reach.NetworkNamespace;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The way into a container of an engine on this machine, for a process that may enter its network.
/// Safe for use by many threads.
final class EngineInside implements Inside {
  private final EngineClient engine;
  private final String id;
  private final NetworkNamespace network;
  private final long pid;
  private final DataFolder data;
  private boolean isFrozen;

  private EngineInside(EngineClient engine, String id, long pid, NetworkNamespace network) {
    this.engine = engine;
    this.id = id;
    this.network = network;
    this.pid = pid;
    this.data = new DataFolder(Path.of("/proc/" + pid + "/root" + Sandbox.DATA), _ -> {});
  }

  /// The way into the container `id`, until `ended` completes.
  ///
  /// @param state what the engine says of it
  static Inside of(EngineClient engine, String id, JsonObject state, CompletableFuture<?> ended)
      throws IOException {
    long pid = state.get("Pid") instanceof JsonNumber number ? number.longValue() : 0;
    if (pid <= 0 || !MemoryWatch.isContainer(pid, id)) {
      return Inside.closed(
          "the container engine at "
              + engine.address().text()
              + " runs it on another machine, or it has ended; functions that listen need an engine"
              + " on this machine, or the setting isolation: oci");
    }
    NetworkNamespace network = NetworkNamespace.of(pid);
    ended.whenComplete((_, _) -> network.close());
    return new EngineInside(engine, id, pid, network);
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
  public Optional<CallFolder> folder(Map<String, GivenFile> files) throws IOException {
    if (!MemoryWatch.isContainer(pid, id)) {
      throw new IOException("the container has ended");
    }
    return Optional.of(CallFolder.make(data, files));
  }

  @Override
  public synchronized boolean freeze(boolean wanted) {
    if (isFrozen == wanted) {
      return isFrozen;
    }
    try {
      engine.command("POST", "/containers/" + id + (wanted ? "/pause" : "/unpause"));
      isFrozen = wanted;
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
