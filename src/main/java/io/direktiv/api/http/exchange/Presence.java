package io.direktiv.api.http.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/// Notices that a client has left while its request waits for an answer.
///
/// Nobody reads from a connection of HTTP/1.1 between a request and its answer, so the end of the
/// stream stays unseen. This reads meanwhile, as Go's server does: the end of the stream is a
/// client that left; bytes are the next request, which the connection gets back, and then the
/// client is taken to be there. It must be closed before the answer is written, since from then on
/// the connection reads itself.
final class Presence implements AutoCloseable, Callback {
  private static final int READ_BYTES = 1 << 10;

  private final HttpConnection connection;
  private final AbstractEndPoint endPoint;
  private final Runnable departure;
  private boolean isClosed;

  private Presence(HttpConnection connection, AbstractEndPoint endPoint, Runnable departure) {
    this.connection = connection;
    this.endPoint = endPoint;
    this.departure = departure;
  }

  /// Watches the client of `request`, whose body was read, and runs `departure` once when it
  /// leaves.
  static Presence watch(Request request, Runnable departure) {
    boolean isWatchable =
        request.getConnectionMetaData() instanceof HttpConnection http
            && http.isRequestBufferEmpty()
            && http.getEndPoint() instanceof AbstractEndPoint;
    HttpConnection http = isWatchable ? (HttpConnection) request.getConnectionMetaData() : null;
    Presence presence =
        new Presence(http, isWatchable ? (AbstractEndPoint) http.getEndPoint() : null, departure);
    presence.look();
    return presence;
  }

  private synchronized void look() {
    if (!isClosed && endPoint != null) {
      endPoint.tryFillInterested(this);
    }
  }

  /// There is something to read: bytes, or the end.
  @Override
  public synchronized void succeeded() {
    if (isClosed) {
      return;
    }
    ByteBuffer buffer = BufferUtil.allocate(READ_BYTES);
    try {
      int read = endPoint.fill(buffer);
      if (read > 0) {
        connection.onUpgradeTo(buffer);
      } else if (read == 0) {
        look();
      } else {
        departure.run();
      }
    } catch (IOException _) {
      departure.run();
    }
  }

  @Override
  public synchronized void failed(Throwable cause) {
    if (isClosed) {
      return;
    }
    if (cause instanceof TimeoutException) {
      look();
    } else {
      departure.run();
    }
  }

  /// It does not block, so the selecting thread may do it.
  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
    }
    if (endPoint != null) {
      endPoint.getFillInterest().onFail(new IOException("the wait is over"));
    }
  }
}
