package io.direktiv.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/// What an operator reads when a door cannot be opened; the causes are those of this machine.
class DoorExceptionTest {
  @Test
  void saysThatTheAddressIsInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // given
      Address address = new Address("127.0.0.1", taken.getLocalPort());

      // when, then
      assertThat(refusal(address))
          .hasMessage(
              "DK0004: "
                  + address
                  + " is in use; stop the other process or set DIREKTIV_INGRESS_BIND");
    }
  }

  @Test
  void saysThatTheAddressBelongsToAnotherMachine() {
    assertThat(refusal(new Address("192.0.2.1", 6666)))
        .hasMessage(
            "DK0004: 192.0.2.1:6666 is no address of this machine; set DIREKTIV_INGRESS_BIND to"
                + " one, such as 127.0.0.1:6666");
  }

  @Test
  void namesTheCauseWhenItIsAnother() {
    assertThat(
            DoorException.cannotListen(
                new Address("127.0.0.1", 1), "DIREKTIV_API_BIND", new IOException("no more files")))
        .hasMessage(
            "DK0004: 127.0.0.1:1 cannot be opened (java.io.IOException: no more files); set"
                + " DIREKTIV_API_BIND to another address");
  }

  private static DoorException refusal(Address address) {
    Throwable failure =
        catchThrowable(() -> {
          try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address.host(), address.port()));
          }
        });
    return DoorException.cannotListen(address, "DIREKTIV_INGRESS_BIND", failure);
  }
}
