package io.direktiv.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.data.GivenFile;
import io.direktiv.functions.reach.Inside;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every [Runtime] must do for whoever reaches into its sandboxes while they run. Sandboxes
/// are a shell that runs the sandbox's one command.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class ReachContract {
  protected static final SandboxLimits LIMITS =
      new SandboxLimits(
          1, 64L << 20, 64, 256, 32L << 20, 0, Duration.ofMinutes(1), SandboxLimits.Network.NONE);

  /// The runtime under test; its grace period is a second or less.
  protected abstract Runtime runtime();

  /// An image with `sh -c` as its entry and busybox in it.
  protected abstract String image();

  /// The same image, saying that it listens at port 8080.
  protected abstract String serverImage();

  /// The same image for user 1000.
  protected abstract String userImage();

  protected Sandbox sandbox(String script) {
    return sandbox(image(), script, LIMITS);
  }

  protected static Sandbox sandbox(String image, String script, SandboxLimits limits) {
    return new Sandbox(
        "direktiv-test-" + UUID.randomUUID(),
        "test",
        image,
        List.of(script),
        Map.of("COLOUR", "a blue one"),
        Map.of("data.in", GivenFile.of("{\"n\":1}".getBytes(StandardCharsets.UTF_8))),
        Map.of("data.out", 1 << 20, "error.json", 1 << 10),
        limits,
        Optional.empty(),
        0);
  }

  @Test
  void reachesWhatListensInsideAlsoWhenItHasNoNetwork() throws Exception {
    // given
    Sandbox sandbox = sandbox("echo ready; nc -l -p 8080 -e cat");
    TestAttendant attendant = new TestAttendant(new byte[0]);
    Future<SandboxEnd> end = inBackground(() -> runtime().run(sandbox, attendant));
    Inside inside = attendant.inside.get(60, TimeUnit.SECONDS);

    // when
    String echo = echo(inside, "hello");
    SandboxEnd ended = end.get(60, TimeUnit.SECONDS);

    // then
    assertThat(echo).isEqualTo("hello");
    assertThat(ended.exit()).isEqualTo(new Exit.Exited(0));
    assertThatThrownBy(() -> inside.connect(8080)).isInstanceOf(IOException.class);
  }

  @Test
  void listensInsideForTheSandboxAlone() throws Exception {
    // given
    Sandbox sandbox =
        sandbox("while ! echo hello | nc 127.0.0.1 8889; do sleep 0.05; done 2> /dev/null");
    TestAttendant attendant = new TestAttendant(new byte[0]);
    Future<SandboxEnd> end = inBackground(() -> runtime().run(sandbox, attendant));
    Inside inside = attendant.inside.get(60, TimeUnit.SECONDS);

    // when
    String heard;
    try (ServerSocketChannel server = inside.listen(8889);
        SocketChannel client = server.accept()) {
      heard = read(client);
    }

    // then
    assertThat(heard).isEqualTo("hello\n");
    assertThat(end.get(60, TimeUnit.SECONDS).exit()).isEqualTo(new Exit.Exited(0));
  }

  @Test
  void freezesAndThawsAndEndsWhatIsFrozen() throws Exception {
    // given
    Sandbox sandbox = sandbox("while true; do nc -l -p 8080 -e cat; done");
    TestAttendant attendant = new TestAttendant(new byte[0]);
    Future<SandboxEnd> end = inBackground(() -> runtime().run(sandbox, attendant));
    Inside inside = attendant.inside.get(60, TimeUnit.SECONDS);
    echo(inside, "warm");
    assumeTrue(inside.freeze(true), "this machine has no freezer");

    // when
    inside.freeze(false);
    String thawed = echo(inside, "thawed");
    inside.freeze(true);
    runtime().stop(sandbox.id());

    // then
    assertThat(thawed).isEqualTo("thawed");
    assertThat(end.get(60, TimeUnit.SECONDS).exit()).isEqualTo(new Exit.Stopped());
  }

  /// What comes back from the port 8080; tried until something listens there.
  private static String echo(Inside inside, String text) throws Exception {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try (SocketChannel channel = inside.connect(8080)) {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        channel.shutdownOutput();
        return read(channel);
      } catch (SocketException e) {
        if (System.nanoTime() > giveUp) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }

  private static String read(SocketChannel channel) throws IOException {
    byte[] bytes = Channels.newInputStream(channel).readAllBytes();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Hears everything and keeps the way in.
  static final class TestAttendant implements Attendant {
    private final byte[] input;
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final List<OutputLine> lines = new CopyOnWriteArrayList<>();
    final CompletableFuture<Inside> inside = new CompletableFuture<>();

    TestAttendant(byte[] input) {
      this.input = input;
    }

    @Override
    public void line(OutputLine line) {
      lines.add(line);
    }

    @Override
    public byte[] input() {
      return input;
    }

    @Override
    public Optional<Bytes> stdout() {
      return Optional.of(out::write);
    }

    @Override
    public void begun(Inside way) {
      inside.complete(way);
    }
  }

  static <T> Future<T> inBackground(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(task.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
