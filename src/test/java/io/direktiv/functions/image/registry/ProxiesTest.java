package io.direktiv.functions.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.functions.ImageName;
import io.direktiv.functions.image.ImageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Proxies as an environment names them (curl's manual, "Environment").
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProxiesTest {
  private static final String PROXY = "http://192.0.2.1:3128";

  private static Proxy chosen(Map<String, String> environment, String uri) {
    return new Proxies(environment).select(URI.create(uri)).getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "https://ghcr.io, '', true",
    "https://ghcr.io, ghcr.io, false",
    "https://pkg.ghcr.io, ghcr.io, false",
    "https://pkg.ghcr.io, .ghcr.io, false",
    "https://pkg.ghcr.io, *.ghcr.io, false",
    "https://notghcr.io, ghcr.io, true",
    "https://GHCR.io, 'a.example, ghcr.IO', false",
    "https://ghcr.io, ghcr.io:443, false",
    "https://ghcr.io, ghcr.io:5000, true",
    "https://ghcr.io:5000, ghcr.io:5000, false",
    "https://198.51.100.7, 198.51.100.7, false",
    "https://198.51.100.7, 'ghcr.io,198.51.0.0/16', false",
    "https://198.51.100.7:5000, 198.51.100.4/30, false",
    "https://198.51.100.8, 198.51.100.4/30, true",
    "https://198.51.100.7, 0.0.0.0/0, false",
    "https://198.51.100.7, 198.51.0.0/33, true",
    "https://198.51.100.7, ::/0, true",
    "https://[2001:db8::7], 2001:db8::/32, false",
    "https://[2001:db9::7], 2001:db8::/32, true",
    "https://[2001:db8::7]:5000, '[2001:db8::7]:5000', false",
    "https://ghcr.io, 0.0.0.0/0, true",
    "https://ghcr.io, *, false",
    "http://localhost:5000, '', false",
    "http://127.0.0.1:5000, '', false",
    "http://[::1]:5000, '', false",
    "http://198.51.100.7, '', false"
  })
  void goesThroughTheProxyUnlessToldOtherwise(String uri, String direct, boolean isProxied) {
    // when
    Proxy proxy = chosen(Map.of("HTTPS_PROXY", PROXY, "NO_PROXY", direct), uri);

    // then
    assertThat(proxy)
        .isEqualTo(
            isProxied
                ? new Proxy(Proxy.Type.HTTP, new InetSocketAddress("192.0.2.1", 3128))
                : Proxy.NO_PROXY);
  }

  @Test
  void takesSmallLettersFirstAndAddressesWithoutScheme() {
    // given
    Map<String, String> environment =
        Map.of("https_proxy", "192.0.2.9:8080", "HTTPS_PROXY", PROXY, "http_proxy", "192.0.2.8");

    // then
    assertThat(chosen(environment, "https://ghcr.io").address())
        .isEqualTo(new InetSocketAddress("192.0.2.9", 8080));
    assertThat(chosen(environment, "http://198.51.100.7").address())
        .isEqualTo(new InetSocketAddress("192.0.2.8", 80));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"socks5://canary:1", "http://bot:canary@192.0.2.1:1", "http://canary space:1"})
  void refusesWhatItCannotUseWithoutRepeatingIt(String proxy) {
    assertThatThrownBy(() -> new Proxies(Map.of("HTTPS_PROXY", proxy)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("HTTPS_PROXY: ")
        .hasMessageNotContaining("canary");
  }

  @Test
  void asksRegistriesThroughTheProxy() throws Exception {
    // given a proxy that knows hosts which this machine does not, and reaches none
    try (ServerSocket proxy = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Registries registries =
            new Registries(
                Set.of(),
                new Proxies(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.getLocalPort())))) {
      CompletableFuture<String> asked = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> refuse(proxy, asked));
      ImageName name = ImageName.of("registry.invalid/org/tool:v1");

      // then
      assertThatThrownBy(() -> registries.open(name, Optional.empty()).manifest("v1", 100))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("registry.invalid")
          .hasMessageContaining("(through the proxy 127.0.0.1:" + proxy.getLocalPort() + ")");
      assertThat(asked.get(10, TimeUnit.SECONDS))
          .isEqualTo("CONNECT registry.invalid:443 HTTP/1.1");
    }
  }

  private static void refuse(ServerSocket proxy, CompletableFuture<String> asked) {
    while (!proxy.isClosed()) {
      try (Socket socket = proxy.accept()) {
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        asked.complete(in.readLine());
        for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
          line = in.readLine();
        }
        socket
            .getOutputStream()
            .write(
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
      } catch (IOException _) {
        // The test is over.
      }
    }
  }
}
