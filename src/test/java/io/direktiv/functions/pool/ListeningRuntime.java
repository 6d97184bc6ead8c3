package io.direktiv.functions.pool;

import io.direktiv.engine.Codes;
import io.direktiv.functions.Attendant;
import io.direktiv.functions.Exit;
import io.direktiv.functions.ImageFacts;
import io.direktiv.functions.Runtime;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxEnd;
import io.direktiv.functions.SandboxException;
import io.direktiv.functions.reach.Inside;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// A runtime whose sandboxes are threads that listen at real sockets, so that a test decides what a
/// function does and sees what is done with its sandbox.
final class ListeningRuntime implements Runtime {
  final List<Box> made = new CopyOnWriteArrayList<>();
  final Semaphore madeCount = new Semaphore(0);
  private final Map<String, Box> running = new ConcurrentHashMap<>();
  private final Work work;
  volatile String image = "1";
  volatile boolean isBroken;
  volatile Callable<?> look = () -> null;

  /// What a function does with a request: answers it, or throws to close the connection.
  interface Work {
    String answer(Box box, String request) throws Exception;
  }

  ListeningRuntime(Work work) {
    this.work = work;
  }

  /// A sandbox.
  final class Box implements Inside {
    final Sandbox sandbox;
    final List<Boolean> frozen = new CopyOnWriteArrayList<>();
    final CompletableFuture<SandboxEnd> end = new CompletableFuture<>();
    final Attendant attendant;
    final long madeAtNanos = System.nanoTime();
    private final ServerSocketChannel server;
    private final SocketAddress address;
    volatile SocketAddress door;
    private final Thread acceptor;

    private Box(Sandbox sandbox, Attendant attendant) throws IOException {
      this.sandbox = sandbox;
      this.attendant = attendant;
      this.server = opened();
      this.address = server.getLocalAddress();
      this.acceptor = Thread.ofVirtual().start(this::accept);
    }

    private static ServerSocketChannel opened() throws IOException {
      return ServerSocketChannel.open()
          .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private void accept() {
      try {
        while (true) {
          SocketChannel channel = server.accept();
          Thread.ofVirtual().start(() -> serve(channel));
        }
      } catch (IOException _) {
        // It has ended.
      }
    }

    private void serve(SocketChannel channel) {
      try (channel) {
        ByteBuffer bytes = ByteBuffer.allocate(4_096);
        if (channel.read(bytes) > 0) {
          String request = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
          String body = work.answer(this, request);
          String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
          channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
        }
      } catch (Exception _) {
        // The connection is closed without an answer.
      }
    }

    void print(String line) {
      attendant.line(new OutputLine(false, line));
    }

    void end(Exit exit) {
      stopListening();
      end.complete(SandboxEnd.of(exit));
    }

    /// The channel is only closed once the thread that accepts has seen it.
    void stopListening() {
      try {
        server.close();
        acceptor.join();
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public SocketChannel connect(int port) throws IOException {
      return SocketChannel.open(address);
    }

    @Override
    public ServerSocketChannel listen(int port) throws IOException {
      ServerSocketChannel opened = opened();
      door = opened.getLocalAddress();
      return opened;
    }

    @Override
    public boolean freeze(boolean isFrozen) {
      frozen.add(isFrozen);
      return true;
    }
  }

  @Override
  public String name() {
    return "oci";
  }

  @Override
  public Optional<String> missing() {
    return Optional.empty();
  }

  @Override
  public ImageFacts image(Sandbox sandbox, Consumer<OutputLine> output) {
    try {
      look.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return new ImageFacts(image, Set.of("8080/tcp"));
  }

  @Override
  public SandboxEnd run(Sandbox sandbox, Attendant attendant) throws SandboxException {
    Box box;
    try {
      box = new Box(sandbox, attendant);
    } catch (IOException e) {
      throw new SandboxException(Codes.FUNCTION_UNAVAILABLE, e.getMessage());
    }
    running.put(sandbox.id(), box);
    made.add(box);
    attendant.begun(box);
    if (isBroken) {
      box.end(new Exit.Exited(1));
    }
    madeCount.release();
    return box.end.join();
  }

  @Override
  public void stop(String sandboxId) {
    kill(sandboxId);
  }

  @Override
  public void kill(String sandboxId) {
    Optional.ofNullable(running.get(sandboxId)).ifPresent(box -> box.end(new Exit.Stopped()));
  }

  @Override
  public void close() {
    running.values().forEach(box -> box.end(new Exit.Stopped()));
  }
}
