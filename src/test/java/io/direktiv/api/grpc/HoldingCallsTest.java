package io.direktiv.api.grpc;

import static io.direktiv.api.grpc.GrpcFixture.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.direktiv.execution.Execution;
import io.direktiv.protocol.ingress.BroadcastEventRequest;
import io.direktiv.protocol.ingress.DeleteRegistryRequest;
import io.direktiv.protocol.ingress.DeleteSecretRequest;
import io.direktiv.protocol.ingress.GetRegistriesRequest;
import io.direktiv.protocol.ingress.GetRegistriesResponse.Registry;
import io.direktiv.protocol.ingress.GetSecretsRequest;
import io.direktiv.protocol.ingress.GetSecretsResponse.Secret;
import io.direktiv.protocol.ingress.GetWorkflowInstancesRequest;
import io.direktiv.protocol.ingress.StoreRegistryRequest;
import io.direktiv.protocol.ingress.StoreSecretRequest;
import io.direktiv.store.Page;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events, secrets and registries at the gRPC door (reference 1.5, column "ours").
class HoldingCallsTest {
  private static final String EVENT =
      """
      {"specversion": "1.0", "id": "1", "source": "test", "type": "greeting",
       "data": {"name": "Alan"}}
      """;

  @TempDir Path data;
  private GrpcFixture server;

  @BeforeEach
  void open() {
    server = new GrpcFixture(data);
    server.namespace("demo");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void startsWhatListensForAnEvent() throws InterruptedException {
    // given
    server.workflow(
        "demo",
        """
        id: greet
        start:
          type: event
          event:
            type: greeting
        states:
        - id: a
          type: noop
          transform: '{ msg: ("Hello, " + .greeting.name) }'
        """);
    CountDownLatch ended = new CountDownLatch(1);
    try (Execution.Watch _ =
        server
            .parts()
            .api()
            .watch(
                "demo",
                change -> {
                  if (change.status().isEnded()) {
                    ended.countDown();
                  }
                })) {
      // when
      broadcast("demo", EVENT);

      // then
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    }
    String id =
        server
            .ingress()
            .getWorkflowInstances(
                GetWorkflowInstancesRequest.newBuilder().setNamespace("demo").build())
            .getWorkflowInstances(0)
            .getId();
    assertThat(server.instance(id).getOutput().toStringUtf8())
        .isEqualTo("{\"msg\":\"Hello, Alan\"}");
  }

  @Test
  void namesTheAttributeThatAnEventLacks() {
    for (String name : List.of("id", "type", "source")) {
      String event = EVENT.replace("\"" + name + "\"", "\"x" + name + "\"");
      assertRefused(
          Code.INVALID_ARGUMENT,
          "invalid cloudevent: the attribute '"
              + name
              + "' is required and must be a non-empty string",
          () -> broadcast("demo", event));
    }
  }

  @Test
  void refusesEventsThatAreNone() {
    for (String text : List.of("", "nonsense", "[]", EVENT.replace("1.0", "7.0"))) {
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> broadcast("demo", text))
          .satisfies(e -> {
            assertThat(e.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
            assertThat(e.getStatus().getDescription()).startsWith("invalid cloudevent: ");
          });
    }
  }

  @Test
  void refusesAnEventWithoutANamespace() {
    assertRefused(
        Code.INVALID_ARGUMENT,
        "an event needs a namespace, but it is empty",
        () -> broadcast("", EVENT));
    assertRefused(
        Code.NOT_FOUND, "namespace 'nope' does not exist", () -> broadcast("nope", EVENT));
  }

  @Test
  void takesTheSameEventTwiceAsOne() {
    // when
    broadcast("demo", EVENT);
    broadcast("demo", EVENT);

    // then
    assertThat(server.parts().api().events("demo", Page.ALL).total()).isEqualTo(1);
  }

  @Test
  void listsNamesOfSecretsAndNeverValues() {
    // given
    storeSecret("demo", "beta", "hush");
    storeSecret("demo", "alpha", "");

    // when
    List<Secret> secrets = secrets("demo");

    // then
    assertThat(secrets).extracting(Secret::getName).containsExactly("alpha", "beta");
    assertThat(secrets.toString()).doesNotContain("hush");
  }

  @Test
  void refusesSecretsThatCannotBe() {
    // given
    storeSecret("demo", "key", "one");

    // when, then
    assertRefused(
        Code.ALREADY_EXISTS,
        "secret 'key' already exists",
        () -> storeSecret("demo", "key", "two"));
    assertRefused(
        Code.NOT_FOUND, "namespace 'nope' does not exist", () -> storeSecret("nope", "key", "x"));
    assertRefused(
        Code.INVALID_ARGUMENT,
        "secret name must have 1 to 256 printable characters",
        () -> storeSecret("demo", "", "x"));
    assertRefused(
        Code.INVALID_ARGUMENT,
        "secret has 1048577 bytes, but at most 1048576 are allowed",
        () -> storeSecret("demo", "big", "x".repeat((1 << 20) + 1)));
  }

  @Test
  void deletesSecretsAndMindsNoAbsentOne() {
    // given
    storeSecret("demo", "key", "hush");

    // when
    deleteSecret("demo", "key");
    deleteSecret("demo", "key");
    deleteSecret("nope", "key");

    // then
    assertThat(secrets("demo")).isEmpty();
    assertThat(secrets("nope")).isEmpty();
  }

  @Test
  void keepsRegistriesApartFromSecrets() {
    // given
    storeSecret("demo", "docker.io", "hush");

    // when
    storeRegistry("demo", "docker.io", "user:token");
    storeRegistry("demo", "ghcr.io", "user!token");

    // then
    assertThat(registries("demo"))
        .extracting(Registry::getName)
        .containsExactly("docker.io", "ghcr.io");
    assertThat(registries("demo")).allMatch(Registry::hasId);
    assertThat(secrets("demo")).extracting(Secret::getName).containsExactly("docker.io");
  }

  @Test
  void refusesRegistriesThatCannotBe() {
    // given
    storeRegistry("demo", "docker.io", "user:token");

    // when, then
    assertRefused(
        Code.ALREADY_EXISTS,
        "registry 'docker.io' already exists",
        () -> storeRegistry("demo", "docker.io", "user:other"));
    assertRefused(
        Code.NOT_FOUND,
        "namespace 'nope' does not exist",
        () -> storeRegistry("nope", "docker.io", "user:token"));
    assertRefused(
        Code.INVALID_ARGUMENT,
        "registry credentials must have the form user:token",
        () -> storeRegistry("demo", "ghcr.io", "token"));
  }

  @Test
  void keepsARegistryWithoutALogin() {
    storeRegistry("demo", "ghcr.io", "");

    assertThat(registries("demo")).extracting(Registry::getName).containsExactly("ghcr.io");
  }

  @Test
  void deletesRegistriesAndMindsNoAbsentOne() {
    // given
    storeRegistry("demo", "docker.io", "user:token");

    // when
    deleteRegistry("demo", "docker.io");
    deleteRegistry("demo", "docker.io");

    // then
    assertThat(registries("demo")).isEmpty();
    assertThat(registries("nope")).isEmpty();
  }

  private void broadcast(String namespace, String event) {
    server
        .ingress()
        .broadcastEvent(
            BroadcastEventRequest.newBuilder()
                .setNamespace(namespace)
                .setCloudevent(ByteString.copyFromUtf8(event))
                .build());
  }

  private void storeSecret(String namespace, String name, String value) {
    server
        .ingress()
        .storeSecret(
            StoreSecretRequest.newBuilder()
                .setNamespace(namespace)
                .setName(name)
                .setData(ByteString.copyFromUtf8(value))
                .build());
  }

  private void deleteSecret(String namespace, String name) {
    server
        .ingress()
        .deleteSecret(
            DeleteSecretRequest.newBuilder().setNamespace(namespace).setName(name).build());
  }

  private List<Secret> secrets(String namespace) {
    return server
        .ingress()
        .getSecrets(GetSecretsRequest.newBuilder().setNamespace(namespace).build())
        .getSecretsList();
  }

  private void storeRegistry(String namespace, String name, String credentials) {
    server
        .ingress()
        .storeRegistry(
            StoreRegistryRequest.newBuilder()
                .setNamespace(namespace)
                .setName(name)
                .setData(ByteString.copyFromUtf8(credentials))
                .build());
  }

  private void deleteRegistry(String namespace, String name) {
    server
        .ingress()
        .deleteRegistry(
            DeleteRegistryRequest.newBuilder().setNamespace(namespace).setName(name).build());
  }

  private List<Registry> registries(String namespace) {
    return server
        .ingress()
        .getRegistries(GetRegistriesRequest.newBuilder().setNamespace(namespace).build())
        .getRegistriesList();
  }
}
