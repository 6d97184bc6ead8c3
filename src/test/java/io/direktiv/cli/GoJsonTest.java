package io.direktiv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.client.Ingress;
import io.direktiv.client.Message;
import org.junit.jupiter.api.Test;

/// Messages as Go prints their structs.
final class GoJsonTest {
  @Test
  void printsWhatIsSetInTheOrderOfTheNumbers() {
    Message message =
        Ingress.UPDATE_WORKFLOW
            .newRequest()
            .set("workflow", new byte[] {1, 2, 3})
            .set("active", false)
            .set("revision", 0)
            .set("uid", "a\"b");

    assertThat(GoJson.of(message).toString())
        .isEqualTo("{\"uid\":\"a\\\"b\",\"revision\":0,\"active\":false,\"workflow\":\"AQID\"}");
  }
}
