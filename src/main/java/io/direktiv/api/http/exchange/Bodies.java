package io.direktiv.api.http.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// Reads bodies within limits: of one body, of its time, and of all bodies together.
public final class Bodies {
  private static final int FIRST_BYTES = 8 << 10;

  private final Bounds bounds;
  private final AtomicLong held = new AtomicLong();

  public Bodies(Bounds bounds) {
    this.bounds = bounds;
  }

  /// The body of a request; closing it returns its room.
  public final class Room implements AutoCloseable {
    private long taken;
    private boolean isRead;
    private boolean isGivenUp;

    /// Reads the body of `request`, at most `max` bytes. Room grows with what has come, not with
    /// what was announced.
    ///
    /// @throws Refusal when it is longer, comes too slowly, or there is no room
    public byte[] read(Request request, int max) throws IOException {
      try {
        byte[] bytes = all(request, max);
        isRead = true;
        return bytes;
      } catch (IOException e) {
        isGivenUp = true;
        if (e.getCause() instanceof TimeoutException) {
          throw tooSlow();
        }
        throw e;
      }
    }

    private byte[] all(Request request, int max) throws IOException {
      requireIdentity(request);
      long announced = request.getLength();
      if (announced > max) {
        throw tooLarge(max);
      }
      InputStream in = Request.asInputStream(request);
      int most = announced >= 0 ? (int) announced : max;
      byte[] bytes = new byte[Math.min(most, FIRST_BYTES)];
      take(bytes.length);
      long began = System.nanoTime();
      int length = 0;
      while (true) {
        if (length == bytes.length) {
          if (length == announced) {
            return bytes;
          }
          if (length >= most) {
            if (in.read() < 0) {
              return bytes;
            }
            throw tooLarge(max);
          }
          int longer = (int) Math.min(most, bytes.length * 4L);
          take(longer - bytes.length);
          bytes = Arrays.copyOf(bytes, longer);
        }
        int count = in.read(bytes, length, bytes.length - length);
        if (count < 0) {
          return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        }
        length += count;
        requirePace(began, length);
      }
    }

    private void requirePace(long began, int length) {
      long allowed = bounds.bodyTime().toNanos() + length * 1_000_000_000L / Limits.BODY_RATE_MIN;
      if (System.nanoTime() - began > allowed) {
        isGivenUp = true;
        throw tooSlow();
      }
    }

    /// Makes an end of the body before the answer is written.
    ///
    /// @param hasTime waits for what the client still sends
    /// @return false when some of it is still to come, so that the connection must close; at once
    ///   when it came too slowly already
    public boolean isFinished(Request request, boolean hasTime) {
      boolean hasBody =
          request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
      if (!hasBody || isRead) {
        return true;
      }
      if (isGivenUp || request.getHeaders().contains(HttpHeader.EXPECT)) {
        return false;
      }
      if (hasTime) {
        discard(request);
      }
      return request.consumeAvailable();
    }

    private void take(int bytes) {
      if (held.addAndGet(bytes) > bounds.bodiesBytes()) {
        held.addAndGet(-bytes);
        throw new Refusal(
            503,
            "server_overloaded",
            "too many large requests are under way; try again later",
            java.util.Map.of("Retry-After", "1"),
            Optional.empty());
      }
      taken += bytes;
    }

    @Override
    public void close() {
      if (taken > 0) {
        held.addAndGet(-taken);
        taken = 0;
      }
    }
  }

  public Room room() {
    return new Room();
  }

  private static void requireIdentity(Request request) {
    String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new Refusal(
          415,
          "request_encoding_unsupported",
          "the body has the Content-Encoding '"
              + Query.shortened(encoding)
              + "', which is not read; send it as it is");
    }
  }

  private static Refusal tooSlow() {
    return new Refusal(408, "request_timeout", "the body came too slowly");
  }

  private static Refusal tooLarge(int max) {
    return new Refusal(
        413, "request_too_large", "the body is longer than the " + max + " bytes allowed here");
  }

  /// Reads what the client still sends of a body that nobody wants, within limits: a client that
  /// writes does not see an answer.
  private void discard(Request request) {
    byte[] scrap = new byte[FIRST_BYTES];
    long began = System.nanoTime();
    try {
      InputStream in = Request.asInputStream(request);
      for (long rest = Limits.DISCARD_BYTES_MAX; rest > 0; ) {
        int count = in.read(scrap);
        if (count < 0 || System.nanoTime() - began > bounds.bodyTime().toNanos()) {
          return;
        }
        rest -= count;
      }
    } catch (IOException _) {
      // The client has gone; nobody reads the answer.
    }
  }
}
