package io.direktiv.functions.docker;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// A connection to an engine that is closed when its time is over. For one thread, but for `close`.
final class Connection implements AutoCloseable {
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("engine-timeouts").daemon().unstarted(task));

  private final SocketChannel channel;
  private final Future<?> timeout;
  private final Duration time;
  private volatile boolean isTimedOut;
  private final InputStream in = new BufferedInputStream(new Input(), 16 << 10);
  private final OutputStream out = new Output();

  private Connection(SocketChannel channel, Duration time) {
    this.channel = channel;
    this.time = time;
    this.timeout = CLOCK.schedule(this::timeOut, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Connects; everything until `close` together may take `time`.
  static Connection open(SocketAddress address, Duration time) throws IOException {
    SocketAddress target =
        address instanceof InetSocketAddress inet && inet.isUnresolved()
            ? new InetSocketAddress(inet.getHostString(), inet.getPort())
            : address;
    if (target instanceof InetSocketAddress inet && inet.isUnresolved()) {
      throw new IOException("host " + inet.getHostString() + " is not known");
    }
    SocketChannel channel =
        target instanceof InetSocketAddress
            ? SocketChannel.open()
            : SocketChannel.open(StandardProtocolFamily.UNIX);
    Connection connection = new Connection(channel, time);
    try {
      channel.connect(target);
      return connection;
    } catch (IOException e) {
      connection.close();
      throw connection.explain(e);
    }
  }

  InputStream in() {
    return in;
  }

  OutputStream out() {
    return out;
  }

  /// Tells the other side that nothing more will be written.
  void endOutput() throws IOException {
    channel.shutdownOutput();
  }

  private void timeOut() {
    isTimedOut = true;
    closeChannel();
  }

  private IOException explain(IOException e) {
    return isTimedOut && e instanceof ClosedChannelException
        ? new IOException("no answer within " + time.toSeconds() + " s", e)
        : e;
  }

  @Override
  public void close() {
    timeout.cancel(false);
    closeChannel();
  }

  private void closeChannel() {
    try {
      channel.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      try {
        return count == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, offset, count));
      } catch (IOException e) {
        throw explain(e);
      }
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        throw explain(e);
      }
    }
  }
}
