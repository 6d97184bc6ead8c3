package io.direktiv.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Clients that send one request after the other over connections that stay open, and check every
/// answer. Written on plain sockets, so that the generator takes little of the processors it shares
/// with the server.
final class Load {
  /// What came of a load.
  ///
  /// @param millis the latency of every request
  record Result(Sample millis, Duration took) {
    double perSecond() {
      return millis.values().length / (took.toNanos() / 1e9);
    }
  }

  private final int port;
  private final byte[] request;
  private final String expected;

  /// A load of POST requests to `path` with `body`; each answer must be 200 and hold `expected`.
  Load(int port, String path, String body, String expected) {
    this.port = port;
    this.expected = expected;
    this.request =
        ("POST "
                + path
                + " HTTP/1.1\r\nHost: 127.0.0.1:"
                + port
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.UTF_8);
  }

  /// Runs `clients` clients for `duration`.
  Result run(int clients, Duration duration) throws Exception {
    long end = System.nanoTime() + duration.toNanos();
    return run(clients, () -> System.nanoTime() < end);
  }

  private Result run(int clients, BooleanSupplier more) throws Exception {
    long start = System.nanoTime();
    List<Callable<double[]>> work = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      work.add(() -> client(more));
    }
    List<double[]> latencies = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      for (Future<double[]> client : threads.invokeAll(work)) {
        latencies.add(client.get());
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    double[] all = latencies.stream().flatMapToDouble(Arrays::stream).toArray();
    return new Result(Sample.of(all), took);
  }

  /// Sends `count` requests one after the other.
  Sample runs(int count) throws Exception {
    return times(1, count).millis();
  }

  /// The same with a pause before each.
  Sample runs(int count, Duration pause) throws Exception {
    AtomicInteger left = new AtomicInteger(count);
    BooleanSupplier more =
        () -> {
          LockSupport.parkNanos(pause.toNanos());
          return left.getAndDecrement() > 0;
        };
    return run(1, more).millis();
  }

  /// Sends `count` requests with `clients` clients.
  Result times(int clients, int count) throws Exception {
    AtomicInteger left = new AtomicInteger(count);
    return run(clients, () -> left.getAndDecrement() > 0);
  }

  private double[] client(BooleanSupplier more) throws IOException {
    double[] millis = new double[1 << 16];
    int count = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
      while (more.getAsBoolean()) {
        long now = System.nanoTime();
        out.write(request);
        check(in);
        long after = System.nanoTime();
        if (count == millis.length) {
          millis = Arrays.copyOf(millis, count * 2);
        }
        millis[count++] = (after - now) / 1e6;
      }
    }
    return Arrays.copyOf(millis, count);
  }

  private void check(InputStream in) throws IOException {
    String status = line(in);
    int length = -1;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    if (length < 0) {
      throw new IOException("an answer without Content-Length: " + status);
    }
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    if (!status.startsWith("HTTP/1.1 200") || !body.contains(expected)) {
      throw new IOException("unexpected answer: " + status + " " + body);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the server closed the connection");
      }
      if (c != '\r') {
        text.append((char) c);
      }
    }
    return text.toString();
  }
}
