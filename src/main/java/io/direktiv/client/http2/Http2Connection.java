package io.direktiv.client.http2;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;

/// A connection to a server, for one request after the other. Not safe for use by several threads.
///
/// There is no reader in the background: whoever waits for something reads frames ([#pump]) until
/// it has come, and each frame goes to where it belongs. What is bounded: frames, header blocks,
/// the table of headers, and through the windows the part of a body that nobody has read yet.
public final class Http2Connection implements AutoCloseable {
  private static final int SETTING_HEADER_LIST_BYTES_MAX = 6;
  private static final int SETTING_FRAME_BYTES_MAX = 5;
  private static final int SETTING_WINDOW = 4;
  private static final int SETTING_PUSH = 2;

  private final Socket socket;
  private final FrameReader reader;
  private final FrameWriter writer;
  private final HpackDecoder decoder = new HpackDecoder();

  private int streamNext = 1;
  private Http2Stream current;
  private boolean isGoingAway;
  private long sendWindow = Limits.WINDOW_BYTES_INITIAL;
  private int sendWindowOfStreams = Limits.WINDOW_BYTES_INITIAL;
  private int sendFrameBytesMax = Limits.FRAME_BYTES_MAX;
  private int receiveWindow = Limits.WINDOW_BYTES;
  private int unreported;

  private Http2Connection(Socket socket) throws IOException {
    this.socket = socket;
    this.reader = new FrameReader(socket);
    this.writer = new FrameWriter(socket.getOutputStream());
  }

  /// Connects to a host, trying its addresses in order. Our preface leaves with the first request.
  public static Http2Connection open(String host, int port, Deadline deadline) {
    IOException last = null;
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        Socket socket = new Socket();
        try {
          socket.setTcpNoDelay(true);
          socket.setKeepAlive(deadline.isNever());
          socket.connect(new InetSocketAddress(address, port), deadline.socketMillis());
          return new Http2Connection(socket).greet();
        } catch (IOException e) {
          last = e;
          socket.close();
        }
      }
    } catch (UnknownHostException _) {
      throw unreachable("there is no host of that name");
    } catch (IOException e) {
      last = e;
    }
    throw failed(last);
  }

  private static Http2Exception failed(IOException e) {
    return switch (e) {
      case ConnectException _ ->
          new Http2Exception(
              Http2Exception.Kind.REFUSED, ErrorCode.NO_ERROR, "nobody listens there");
      case SocketTimeoutException _ -> Deadline.over();
      case null -> unreachable("the host has no address");
      default -> unreachable(e.getMessage());
    };
  }

  private static Http2Exception unreachable(String why) {
    return new Http2Exception(Http2Exception.Kind.UNREACHABLE, ErrorCode.NO_ERROR, why);
  }

  private Http2Connection greet() {
    writer.preface();
    writer.settings(
        SETTING_PUSH,
        0,
        SETTING_WINDOW,
        Limits.WINDOW_BYTES,
        SETTING_HEADER_LIST_BYTES_MAX,
        Limits.HEADER_LIST_BYTES_MAX);
    writer.numbers(Frame.WINDOW_UPDATE, 0, Limits.WINDOW_BYTES - Limits.WINDOW_BYTES_INITIAL);
    return this;
  }

  /// False when the server wants no more requests on this connection.
  public boolean isUsable() {
    return !isGoingAway && !socket.isClosed();
  }

  /// Sends a request with its whole body. Stops early when the server answers before it has read
  /// the body.
  ///
  /// @throws IllegalStateException when the response before was not read or cancelled
  public Http2Stream request(List<Header> headers, byte[] body, Deadline deadline) {
    if (current != null && !current.isOver()) {
      throw new IllegalStateException("the response of the request before is still under way");
    }
    current = new Http2Stream(this, streamNext, sendWindowOfStreams);
    streamNext += 2;
    writeHead(headers);
    Thread guard = body.length > Limits.WINDOW_BYTES_INITIAL ? guard(deadline) : null;
    try {
      writeBody(body, deadline);
    } catch (IOException e) {
      throw deadline.leftMillis() == 0 ? Deadline.over() : lost(e);
    } finally {
      if (guard != null) {
        guard.interrupt();
      }
    }
    return current;
  }

  private void writeHead(List<Header> headers) {
    byte[] block = HpackEncoder.encode(headers);
    int offset = 0;
    do {
      int count = Math.min(block.length - offset, sendFrameBytesMax);
      int type = offset == 0 ? Frame.HEADERS : Frame.CONTINUATION;
      int flags = offset + count == block.length ? Frame.END_HEADERS : 0;
      writer.frame(type, flags, current.id(), block, offset, count);
      offset += count;
    } while (offset < block.length);
  }

  private void writeBody(byte[] body, Deadline deadline) throws IOException {
    int offset = 0;
    do {
      int left = body.length - offset;
      long allowed = Math.min(sendWindow, current.sendWindow());
      int count = (int) Math.min(left, Math.min(sendFrameBytesMax, allowed));
      if (count <= 0 && left > 0) {
        writer.flush();
        pump(deadline);
        continue;
      }
      int flags = count == left ? Frame.END_STREAM : 0;
      writer.frame(Frame.DATA, flags, current.id(), body, offset, count);
      offset += count;
      sendWindow -= count;
      current.changeSendWindow(-count);
      if (flags == Frame.END_STREAM) {
        writer.flush();
        return;
      }
    } while (!current.isOver());
    if (!current.isDeaf()) {
      // Answered before the body was whole: close our half, too (section 8.1).
      reset(current, ErrorCode.NO_ERROR);
    }
  }

  /// A server that stops reading blocks a large write, which no timeout of the socket ends: this
  /// thread closes the socket when time is over.
  private Thread guard(Deadline deadline) {
    return Thread.ofPlatform()
        .daemon()
        .name("deadline")
        .start(() -> {
          try {
            Thread.sleep(deadline.leftMillis());
            socket.close();
          } catch (InterruptedException | IOException _) {
            // The request was sent in time, or the socket is closed anyway.
          }
        });
  }

  /// Reads one frame and does what it asks for.
  void pump(Deadline deadline) {
    try {
      receive(reader.read(deadline), deadline);
    } catch (IOException e) {
      throw lost(e);
    } catch (Http2Exception e) {
      if (e.kind() == Http2Exception.Kind.PROTOCOL) {
        leave(e.code());
      }
      throw e;
    }
  }

  private void receive(Frame frame, Deadline deadline) throws IOException {
    switch (frame.type()) {
      case Frame.DATA -> onData(frame);
      case Frame.HEADERS -> onHeaders(frame, deadline);
      case Frame.RST_STREAM -> onReset(frame);
      case Frame.SETTINGS -> onSettings(frame);
      case Frame.PING -> onPing(frame);
      case Frame.GOAWAY -> onGoAway(frame);
      case Frame.WINDOW_UPDATE -> onWindowUpdate(frame);
      case Frame.PUSH_PROMISE, Frame.CONTINUATION ->
          throw wrong("a frame of type " + frame.type() + " that nothing led to");
      default -> {
        // PRIORITY means nothing to a client, and unknown types are ignored (section 5.5).
      }
    }
  }

  private void onData(Frame frame) throws IOException {
    int bytes = frame.payload().length;
    receiveWindow -= bytes;
    if (receiveWindow < 0) {
      throw Http2Exception.protocol(
          ErrorCode.FLOW_CONTROL_ERROR, "the server sent more than the window allows");
    }
    if (isCurrent(frame)) {
      current.onData(frame.content(), bytes, frame.has(Frame.END_STREAM));
    } else {
      giveBack(bytes);
      writer.flush();
    }
  }

  private void onHeaders(Frame first, Deadline deadline) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(first.content());
    Frame last = first;
    for (int i = 0; !last.has(Frame.END_HEADERS); i++) {
      last = reader.read(deadline);
      if (last.type() != Frame.CONTINUATION || last.stream() != first.stream()) {
        throw wrong("a header block that another frame interrupts");
      }
      block.writeBytes(last.payload());
      if (i == Limits.CONTINUATIONS_MAX || block.size() > Limits.HEADER_BLOCK_BYTES_MAX) {
        throw Http2Exception.protocol(
            ErrorCode.ENHANCE_YOUR_CALM,
            "the server sent a header block of more than "
                + Limits.HEADER_BLOCK_BYTES_MAX
                + " bytes or "
                + Limits.CONTINUATIONS_MAX
                + " frames");
      }
    }
    // Blocks of streams that are over count as well: they change the table.
    List<Header> headers = decoder.decode(block.toByteArray());
    if (isCurrent(first)) {
      current.onHeaders(headers, first.has(Frame.END_STREAM));
    }
  }

  private void onReset(Frame frame) {
    require(frame, 4);
    if (isCurrent(frame)) {
      current.onReset(ErrorCode.of(frame.unsigned(0)));
    }
  }

  private void onSettings(Frame frame) throws IOException {
    if (frame.stream() != 0) {
      throw wrong("settings for a stream");
    }
    if (frame.has(Frame.ACK)) {
      require(frame, 0);
      return;
    }
    if (frame.payload().length % 6 != 0) {
      throw wrongSize(frame);
    }
    for (int i = 0; i < frame.payload().length; i += 6) {
      int setting = (frame.payload()[i] & 0xff) << 8 | frame.payload()[i + 1] & 0xff;
      set(setting, frame.unsigned(i + 2));
    }
    writer.frame(Frame.SETTINGS, Frame.ACK, 0, new byte[0]);
    writer.flush();
  }

  private void set(int setting, long value) {
    switch (setting) {
      case SETTING_WINDOW -> {
        if (value > Integer.MAX_VALUE) {
          throw Http2Exception.protocol(
              ErrorCode.FLOW_CONTROL_ERROR, "the server set a window of " + value + " bytes");
        }
        if (current != null) {
          current.changeSendWindow(value - sendWindowOfStreams);
        }
        sendWindowOfStreams = (int) value;
      }
      case SETTING_FRAME_BYTES_MAX -> {
        if (value < Limits.FRAME_BYTES_MAX || value > 0xff_ffff) {
          throw wrong("a largest frame of " + value + " bytes");
        }
        // The smallest allowed size serves everybody, so larger ones are not used.
        sendFrameBytesMax = Limits.FRAME_BYTES_MAX;
      }
      default -> {
        // The others limit what this client does not do, or are unknown (section 6.5.2).
      }
    }
  }

  private void onPing(Frame frame) throws IOException {
    require(frame, 8);
    if (!frame.has(Frame.ACK)) {
      writer.frame(Frame.PING, Frame.ACK, 0, frame.payload());
      writer.flush();
    }
  }

  private void onGoAway(Frame frame) {
    if (frame.payload().length < 8) {
      throw wrongSize(frame);
    }
    isGoingAway = true;
    boolean isOurs = current != null && !current.isOver() && current.id() > frame.number(0);
    if (isOurs) {
      throw new Http2Exception(
          Http2Exception.Kind.LOST,
          ErrorCode.of(frame.unsigned(4)),
          "the server is going away and did not take the request");
    }
  }

  private void onWindowUpdate(Frame frame) {
    require(frame, 4);
    int more = frame.number(0);
    if (more == 0) {
      throw wrong("a window update of 0 bytes");
    }
    if (isCurrent(frame)) {
      current.changeSendWindow(more);
    } else if (frame.stream() == 0) {
      sendWindow += more;
      if (sendWindow > Integer.MAX_VALUE) {
        throw Http2Exception.protocol(
            ErrorCode.FLOW_CONTROL_ERROR, "the server opened a window beyond its largest size");
      }
    }
  }

  /// True when the frame is for the request under way; false for one that is over.
  private boolean isCurrent(Frame frame) {
    int stream = frame.stream();
    if (stream == 0 && frame.type() != Frame.WINDOW_UPDATE) {
      throw wrong("a frame of type " + frame.type() + " without a stream");
    }
    if (stream >= streamNext || (stream & 1) == 0 && stream != 0) {
      throw wrong("a frame of stream " + stream + ", which was never opened");
    }
    return current != null && current.id() == stream && !current.isDeaf();
  }

  private static void require(Frame frame, int bytes) {
    if (frame.payload().length != bytes) {
      throw wrongSize(frame);
    }
  }

  private static Http2Exception wrongSize(Frame frame) {
    return Http2Exception.protocol(
        ErrorCode.FRAME_SIZE_ERROR,
        "the server sent a frame of type "
            + frame.type()
            + " with "
            + frame.payload().length
            + " bytes");
  }

  private static Http2Exception wrong(String found) {
    return Http2Exception.protocol(ErrorCode.PROTOCOL_ERROR, "the server sent " + found);
  }

  /// Gives the windows back what the caller has taken.
  void consumed(Http2Stream stream, int bytes) {
    giveBack(bytes);
    int ofStream = stream.giveBack(bytes);
    if (ofStream > 0) {
      writer.numbers(Frame.WINDOW_UPDATE, stream.id(), ofStream);
    }
    flush();
  }

  private void giveBack(int bytes) {
    unreported += bytes;
    if (unreported >= Limits.WINDOW_BYTES / 2) {
      writer.numbers(Frame.WINDOW_UPDATE, 0, unreported);
      receiveWindow += unreported;
      unreported = 0;
    }
  }

  void reset(Http2Stream stream, ErrorCode code) {
    if (socket.isClosed()) {
      return;
    }
    writer.numbers(Frame.RST_STREAM, stream.id(), code.ordinal());
    flush();
  }

  private void flush() {
    try {
      writer.flush();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private static Http2Exception lost(IOException e) {
    return new Http2Exception(
        Http2Exception.Kind.LOST, ErrorCode.NO_ERROR, "the connection broke: " + e.getMessage());
  }

  /// Says goodbye and closes; twice is fine.
  @Override
  public void close() {
    if (current != null) {
      leave(ErrorCode.NO_ERROR);
    } else {
      closeSocket();
    }
  }

  private void leave(ErrorCode code) {
    if (socket.isClosed()) {
      return;
    }
    try {
      writer.numbers(Frame.GOAWAY, 0, 0, code.ordinal());
      writer.flush();
    } catch (IOException _) {
      // A server that is gone needs no goodbye.
    }
    closeSocket();
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException _) {
      // Nothing depends on it any more.
    }
  }
}
