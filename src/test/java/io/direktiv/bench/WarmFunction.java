package io.direktiv.bench;

import io.direktiv.functions.reach.NetworkNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// A function that listens in a sandbox of the server, asked without the server.
final class WarmFunction implements AutoCloseable {
  /// Runs busybox's httpd, which gives what is posted to `/` to a shell script.
  static final String COMMAND =
      "mkdir -p /tmp/bench/cgi-bin; cd /tmp/bench/cgi-bin; echo \"#!/bin/sh\" > index.cgi;"
          + " echo \"echo; cat\" >> index.cgi; chmod 755 index.cgi;"
          + " exec httpd -f -p 8080 -h /tmp/bench";

  private static final String RUNNING = "-f -p 8080 -h /tmp/bench";

  private final NetworkNamespace network;

  private WarmFunction(NetworkNamespace network) {
    this.network = network;
  }

  /// The one that runs on this machine.
  static WarmFunction running() throws IOException {
    ProcessHandle process =
        ProcessHandle.allProcesses()
            .filter(each -> each.info().commandLine().orElse("").endsWith(RUNNING))
            .findFirst()
            .orElseThrow(() -> new IOException("nothing runs " + RUNNING));
    return new WarmFunction(NetworkNamespace.of(process.pid()));
  }

  /// Asks it, and returns how long that took.
  double millis(String body, String expected) throws IOException {
    long before = System.nanoTime();
    try (SocketChannel channel = network.connect(8080)) {
      String head =
          "POST / HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n";
      channel.write(ByteBuffer.wrap((head + body).getBytes(StandardCharsets.UTF_8)));
      byte[] answer = Channels.newInputStream(channel).readAllBytes();
      if (!new String(answer, StandardCharsets.UTF_8).contains(expected)) {
        throw new IOException("unexpected answer: " + new String(answer, StandardCharsets.UTF_8));
      }
    }
    return (System.nanoTime() - before) / 1e6;
  }

  @Override
  public void close() {
    network.close();
  }
}
