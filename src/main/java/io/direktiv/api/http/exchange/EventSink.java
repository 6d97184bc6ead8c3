package io.direktiv.api.http.exchange;

import io.direktiv.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;

/// Writes server-sent events (HTML standard, section 9.2), blocking while the client does not read.
public final class EventSink {
  private final Response response;
  private final StringBuilder pending = new StringBuilder();
  private long sentAt = System.nanoTime();

  public EventSink(Response response) {
    this.response = response;
  }

  /// Adds an event; it leaves with the next [#flush].
  ///
  /// @param id what the client sends as `Last-Event-ID` when it comes back; empty for none
  public void event(String name, String id, Json data) throws IOException {
    pending.append("event: ").append(name).append('\n');
    if (!id.isEmpty()) {
      pending.append("id: ").append(id).append('\n');
    }
    pending.append("data: ").append(data).append("\n\n");
    if (pending.length() > 32 << 10) {
      flush();
    }
  }

  /// Says that the stream lives, when it was silent for [Limits#HEARTBEAT].
  public void heartbeat() throws IOException {
    if (System.nanoTime() - sentAt >= Limits.HEARTBEAT.toNanos()) {
      pending.append(": alive\n\n");
      flush();
    }
  }

  /// Sends what was added.
  public void flush() throws IOException {
    if (!pending.isEmpty()) {
      byte[] bytes = pending.toString().getBytes(StandardCharsets.UTF_8);
      pending.setLength(0);
      Content.Sink.write(response, false, ByteBuffer.wrap(bytes));
      sentAt = System.nanoTime();
    }
  }
}
