package io.direktiv.client.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.client.http2.Http2Exception.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The connection against a peer that does what RFC 9113 allows, and what it forbids.
@Timeout(30)
final class Http2ConnectionTest {
  private static final List<Header> REQUEST = List.of(new Header(":method", "POST"));
  private static final byte[] NO_BODY = {};

  /// `:status 200` from the static table.
  private static final String OK = "88";

  private final Deadline deadline = Deadline.in(Duration.ofSeconds(20));

  @Test
  void readsHeadBodyAndTrailers() throws Exception {
    try (ScriptedPeer peer =
        new ScriptedPeer(it -> {
          it.greet("");
          it.until(Frame.DATA);
          it.send(Frame.HEADERS, Frame.END_HEADERS, 1, OK);
          it.send(Frame.DATA, 0, 1, "0102");
          it.send(Frame.DATA, 0, 1, "03");
          it.send(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 1, "0001 61 01 62");
        })) {
      // when
      Http2Stream stream = request(peer, NO_BODY);

      // then
      assertThat(stream.head(deadline)).containsExactly(new Header(":status", "200"));
      assertThat(readAll(stream)).containsExactly(1, 2, 3);
      assertThat(stream.trailers()).containsExactly(new Header("a", "b"));
    }
  }

  @Test
  void leavesOutPaddingPriorityInterimHeadsAndUnknownFrames() throws Exception {
    try (ScriptedPeer peer =
        new ScriptedPeer(it -> {
          it.greet("");
          it.until(Frame.DATA);
          it.send(0x42, 0xff, 1, "dead beef");
          it.send(Frame.PRIORITY, 0, 1, "00000000 10");
          it.send(Frame.HEADERS, Frame.END_HEADERS, 1, "08 03 313033"); // 103 Early Hints
          int flags = Frame.END_HEADERS | Frame.PADDED | Frame.WITH_PRIORITY;
          it.send(Frame.HEADERS, flags, 1, "02 00000000 10" + OK + "0000");
          it.send(Frame.DATA, Frame.PADDED | Frame.END_STREAM, 1, "03 07 08 000000");
        })) {
      Http2Stream stream = request(peer, NO_BODY);

      assertThat(stream.head(deadline)).containsExactly(new Header(":status", "200"));
      assertThat(readAll(stream)).containsExactly(7, 8);
    }
  }

  @Test
  void putsHeaderBlocksTogetherFromContinuations() throws Exception {
    try (ScriptedPeer peer =
        new ScriptedPeer(it -> {
          it.greet("");
          it.until(Frame.DATA);
          it.send(Frame.HEADERS, Frame.END_STREAM, 1, OK + "40 03 61");
          it.send(Frame.CONTINUATION, 0, 1, "");
          it.send(Frame.CONTINUATION, Frame.END_HEADERS, 1, "6263 01 64");
        })) {
      Http2Stream stream = request(peer, NO_BODY);

      assertThat(stream.head(deadline))
          .containsExactly(new Header(":status", "200"), new Header("abc", "d"));
      assertThat(stream.read(deadline)).isEmpty();
    }
  }

  @Test
  void answersPingsAndSettings() throws Exception {
    try (ScriptedPeer peer =
        new ScriptedPeer(it -> {
          it.greet("");
          it.send(Frame.PING, 0, 0, "0102030405060708");
          it.flush();
          assertThat(it.until(Frame.PING))
              .satisfies(ping -> {
                assertThat(ping.flags()).isEqualTo(Frame.ACK);
                assertThat(ping.payload()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
              });
          assertThat(it.seen())
              .anyMatch(frame -> frame.type() == Frame.SETTINGS && frame.has(Frame.ACK));
          it.send(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 1, OK);
        })) {
      assertThat(request(peer, NO_BODY).head(deadline)).hasSize(1);
      // The script asserts on what it read.
    }
  }

  @Test
  void sendsLargeBodiesOnlyAsTheWindowsAllow() throws Exception {
    byte[] body = new byte[200_000];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i * 31);
    }
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try (ScriptedPeer peer =
        new ScriptedPeer(it -> {
          it.greet("0004 00008000"); // a window of 32 KiB for each stream
          Frame frame;
          do {
            frame = it.until(Frame.DATA);
            assertThat(frame.payload().length).isLessThanOrEqualTo(Limits.FRAME_BYTES_MAX);
            received.writeBytes(frame.payload());
            if (frame.payload().length > 0) {
              String more = "%08x".formatted(frame.payload().length);
              it.send(Frame.WINDOW_UPDATE, 0, 0, more);
              it.send(Frame.WINDOW_UPDATE, 0, 1, more);
              it.flush();
            }
          } while (!frame.has(Frame.END_STREAM));
          it.send(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 1, OK);
        })) {
      request(peer, body).head(deadline);

      assertThat(received.toByteArray()).isEqualTo(body);
    }
  }

  @Test
  void stopsSendingWhenTheServerHasAnswered() throws Exception {
    try (ScriptedPeer peer =
        new ScriptedPeer(it -> {
          it.greet("");
          it.until(Frame.DATA);
          it.send(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 1, OK);
          it.send(Frame.RST_STREAM, 0, 1, "00000000");
        })) {
      Http2Stream stream = request(peer, new byte[1 << 20]);

      assertThat(stream.head(deadline)).containsExactly(new Header(":status", "200"));
    }
  }

  @Test
  void readsResponsesLargerThanEveryWindow() throws Exception {
    int bytes = 20 << 20;
    try (ScriptedPeer peer =
        new ScriptedPeer(it -> {
          it.greet("");
          it.until(Frame.DATA);
          it.send(Frame.HEADERS, Frame.END_HEADERS, 1, OK);
          byte[] part = new byte[Limits.FRAME_BYTES_MAX];
          long window = Limits.WINDOW_BYTES;
          for (int sent = 0; sent < bytes; sent += part.length) {
            while (window < part.length) {
              it.flush();
              Frame update = it.until(Frame.WINDOW_UPDATE);
              window += update.stream() == 1 ? update.number(0) : 0;
            }
            it.send(Frame.DATA, 0, 1, part);
            window -= part.length;
          }
          it.send(Frame.DATA, Frame.END_STREAM, 1, "");
        })) {
      assertThat(readAll(request(peer, NO_BODY))).hasSize(bytes);
    }
  }

  @Test
  void finishesTheRequestThatTheServerTookBeforeItWentAway() throws Exception {
    try (ScriptedPeer peer =
        new ScriptedPeer(it -> {
          it.greet("");
          it.until(Frame.DATA);
          it.send(Frame.GOAWAY, 0, 0, "00000001 00000000");
          it.send(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 1, OK);
        })) {
      try (Http2Connection connection = open(peer)) {
        assertThat(connection.request(REQUEST, NO_BODY, deadline).head(deadline)).hasSize(1);
        assertThat(connection.isUsable()).isFalse();
      }
    }
  }

  @Test
  void failsTheRequestThatTheServerDidNotTakeBeforeItWentAway() {
    assertFails(
        Kind.LOST,
        ErrorCode.ENHANCE_YOUR_CALM,
        it -> it.send(Frame.GOAWAY, 0, 0, "00000000 0000000b"));
  }

  @Test
  void failsTheRequestThatTheServerResets() {
    assertFails(
        Kind.RESET, ErrorCode.REFUSED_STREAM, it -> it.send(Frame.RST_STREAM, 0, 1, "00000007"));
  }

  @Test
  void failsWhenTheConnectionEndsBeforeTheResponse() {
    assertFails(
        Kind.LOST, ErrorCode.NO_ERROR, it -> it.send(Frame.HEADERS, Frame.END_HEADERS, 1, OK));
  }

  @Test
  void refusesFramesThatBreakTheProtocol() {
    assertFails(
        Kind.PROTOCOL,
        ErrorCode.FRAME_SIZE_ERROR,
        it -> it.send(Frame.DATA, 0, 1, new byte[Limits.FRAME_BYTES_MAX + 1]));
    assertFails(Kind.PROTOCOL, ErrorCode.FRAME_SIZE_ERROR, it -> it.send(Frame.PING, 0, 0, "01"));
    assertFails(
        Kind.PROTOCOL,
        ErrorCode.PROTOCOL_ERROR,
        it -> it.send(Frame.HEADERS, Frame.END_HEADERS | Frame.PADDED, 1, "05 88"));
    assertFails(Kind.PROTOCOL, ErrorCode.PROTOCOL_ERROR, it -> it.send(Frame.DATA, 0, 0, "01"));
    assertFails(Kind.PROTOCOL, ErrorCode.PROTOCOL_ERROR, it -> it.send(Frame.DATA, 0, 7, "01"));
    assertFails(
        Kind.PROTOCOL,
        ErrorCode.PROTOCOL_ERROR,
        it -> it.send(Frame.PUSH_PROMISE, Frame.END_HEADERS, 1, "00000002 88"));
    assertFails(
        Kind.PROTOCOL,
        ErrorCode.PROTOCOL_ERROR,
        it -> it.send(Frame.WINDOW_UPDATE, 0, 0, "00000000"));
    assertFails(
        Kind.PROTOCOL,
        ErrorCode.FLOW_CONTROL_ERROR,
        it -> it.send(Frame.WINDOW_UPDATE, 0, 0, "7fffffff"));
    assertFails(
        Kind.PROTOCOL,
        ErrorCode.FLOW_CONTROL_ERROR,
        it -> it.send(Frame.SETTINGS, 0, 0, "0004 ffffffff"));
    assertFails(Kind.PROTOCOL, ErrorCode.STREAM_CLOSED, it -> it.send(Frame.DATA, 0, 1, "01"));
    assertFails(
        Kind.PROTOCOL,
        ErrorCode.COMPRESSION_ERROR,
        it -> it.send(Frame.HEADERS, Frame.END_HEADERS, 1, "80"));
  }

  @Test
  void refusesHeaderBlocksThatNeverEnd() {
    assertFails(
        Kind.PROTOCOL,
        ErrorCode.ENHANCE_YOUR_CALM,
        it -> {
          it.send(Frame.HEADERS, 0, 1, OK);
          for (int i = 0; i <= Limits.CONTINUATIONS_MAX; i++) {
            it.send(Frame.CONTINUATION, 0, 1, "");
          }
        });
    assertFails(
        Kind.PROTOCOL,
        ErrorCode.PROTOCOL_ERROR,
        it -> {
          it.send(Frame.HEADERS, 0, 1, OK);
          it.send(Frame.PING, 0, 0, "0102030405060708");
        });
  }

  @Test
  void refusesMoreThanItsWindow() throws Exception {
    try (ScriptedPeer peer =
        new ScriptedPeer(it -> {
          it.greet("");
          it.until(Frame.DATA);
          byte[] part = new byte[Limits.FRAME_BYTES_MAX];
          for (int sent = 0; sent <= Limits.WINDOW_BYTES; sent += part.length) {
            it.send(Frame.DATA, 0, 1, part);
          }
        })) {
      Http2Connection connection = open(peer);
      Http2Stream stream = connection.request(REQUEST, NO_BODY, deadline);
      stream.onHeaders(List.of(new Header(":status", "200")), false);

      // when frames are taken from the connection that nobody reads from the stream
      assertThatThrownBy(
              () -> {
                while (true) {
                  connection.pump(deadline);
                }
              })
          .isInstanceOfSatisfying(
              Http2Exception.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.FLOW_CONTROL_ERROR));
    }
  }

  @Test
  void recognizesAServerThatSpeaksHttp1() throws Exception {
    try (ScriptedPeer peer =
        new ScriptedPeer(it -> it.raw("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"))) {
      Http2Stream stream = request(peer, NO_BODY);

      assertThatThrownBy(() -> stream.head(deadline))
          .isInstanceOfSatisfying(
              Http2Exception.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_HTTP2))
          .hasMessage("it answers in HTTP/1");
    }
  }

  @Test
  void stopsWaitingAtTheDeadline() throws Exception {
    try (ScriptedPeer peer = new ScriptedPeer(it -> it.until(0xff))) {
      Http2Stream stream = request(peer, NO_BODY);

      assertThatThrownBy(() -> stream.head(Deadline.in(Duration.ofMillis(50))))
          .isInstanceOfSatisfying(
              Http2Exception.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));
    }
  }

  @Test
  void reusesTheConnectionAfterACancelledRequest() throws Exception {
    try (ScriptedPeer peer =
            new ScriptedPeer(it -> {
              it.greet("");
              it.until(Frame.DATA);
              it.send(Frame.HEADERS, Frame.END_HEADERS, 1, OK);
              it.flush();
              assertThat(it.until(Frame.RST_STREAM).payload()).containsExactly(0, 0, 0, 8);
              it.send(Frame.DATA, 0, 1, "01"); // was under way
              it.send(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 1, "40 01 61 01 62");
              it.send(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 3, "be");
            });
        Http2Connection connection = open(peer)) {
      Http2Stream first = connection.request(REQUEST, NO_BODY, deadline);
      first.head(deadline);
      first.cancel();

      Http2Stream second = connection.request(REQUEST, NO_BODY, deadline);

      // then the header of the cancelled response was remembered all the same
      assertThat(second.head(deadline)).containsExactly(new Header("a", "b"));
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    int port;
    // Nobody accepts here: a port on which a thread does may listen for a moment after its closing.
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    assertThatThrownBy(() -> Http2Connection.open("127.0.0.1", port, deadline))
        .isInstanceOfSatisfying(
            Http2Exception.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
  }

  private void assertFails(Kind kind, ErrorCode code, ScriptedPeer.Script script) {
    try (ScriptedPeer peer =
        new ScriptedPeer(it -> {
          it.greet("");
          it.until(Frame.DATA);
          script.play(it);
        })) {
      Http2Stream stream = request(peer, NO_BODY);

      assertThatThrownBy(() -> readAll(stream))
          .isInstanceOfSatisfying(
              Http2Exception.class,
              e -> {
                assertThat(e.kind()).isEqualTo(kind);
                assertThat(e.code()).isEqualTo(code);
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] readAll(Http2Stream stream) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    stream.head(deadline);
    for (Optional<byte[]> part = stream.read(deadline);
        part.isPresent();
        part = stream.read(deadline)) {
      all.writeBytes(part.get());
    }
    return all.toByteArray();
  }

  private Http2Stream request(ScriptedPeer peer, byte[] body) {
    return open(peer).request(REQUEST, body, deadline);
  }

  private Http2Connection open(ScriptedPeer peer) {
    return Http2Connection.open("127.0.0.1", peer.port(), deadline);
  }
}
