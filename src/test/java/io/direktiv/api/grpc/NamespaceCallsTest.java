package io.direktiv.api.grpc;

import static io.direktiv.api.grpc.GrpcFixture.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.protocol.ingress.AddNamespaceRequest;
import io.direktiv.protocol.ingress.AddNamespaceResponse;
import io.direktiv.protocol.ingress.DeleteNamespaceRequest;
import io.direktiv.protocol.ingress.GetNamespacesRequest;
import io.direktiv.protocol.ingress.GetNamespacesResponse;
import io.direktiv.protocol.ingress.GetNamespacesResponse.Namespace;
import io.direktiv.protocol.ingress.GetSecretsRequest;
import io.direktiv.protocol.ingress.StoreSecretRequest;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Namespaces at the gRPC door (reference 1.5).
class NamespaceCallsTest {
  @TempDir Path data;
  private GrpcFixture server;

  @BeforeEach
  void open() {
    server = new GrpcFixture(data);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void answersWithTheNameAndTheTimeOfCreation() {
    // given
    Instant before = Instant.now();

    // when
    AddNamespaceResponse created = add("demo");

    // then
    assertThat(created.getName()).isEqualTo("demo");
    assertThat(Instant.ofEpochSecond(created.getCreatedAt().getSeconds()))
        .isBetween(before.minusSeconds(1), Instant.now());
  }

  @Test
  void listsNamespacesByName() {
    // given
    add("beta");
    add("alpha");
    add("gamma");

    // when
    GetNamespacesResponse all = list(GetNamespacesRequest.getDefaultInstance());

    // then
    assertThat(all.getNamespacesList())
        .extracting(Namespace::getName)
        .containsExactly("alpha", "beta", "gamma");
    assertThat(all.getNamespacesList()).allMatch(Namespace::hasCreatedAt);
  }

  @Test
  void listsTheAskedPartAndRepeatsThePaging() {
    // given
    add("alpha");
    add("beta");
    add("gamma");

    // when
    GetNamespacesResponse part =
        list(GetNamespacesRequest.newBuilder().setOffset(1).setLimit(1).build());

    // then
    assertThat(part.getNamespacesList()).extracting(Namespace::getName).containsExactly("beta");
    assertThat(part.getOffset()).isEqualTo(1);
    assertThat(part.getLimit()).isEqualTo(1);
  }

  @Test
  void setsEmptyPagingValues() {
    // when
    GetNamespacesResponse none = list(GetNamespacesRequest.getDefaultInstance());

    // then
    assertThat(none.getNamespacesList()).isEmpty();
    assertThat(none.hasOffset()).isTrue();
    assertThat(none.hasLimit()).isTrue();
  }

  @Test
  void refusesNegativePaging() {
    assertRefused(
        Code.INVALID_ARGUMENT,
        "offset must be 0 or more, but it is -1",
        () -> list(GetNamespacesRequest.newBuilder().setOffset(-1).build()));
    assertRefused(
        Code.INVALID_ARGUMENT,
        "limit must be 0 or more, but it is -7",
        () -> list(GetNamespacesRequest.newBuilder().setLimit(-7).build()));
  }

  @Test
  void refusesATakenName() {
    // given
    add("demo");

    // when, then
    assertRefused(Code.ALREADY_EXISTS, "namespace 'demo' already exists", () -> add("demo"));
  }

  @Test
  void refusesNamesThatMatchNoRegex() {
    String refusal = "namespace name must match regex: ^[a-z][a-z0-9._-]{1,34}[a-z0-9]$";
    for (String name : new String[] {"", "a", "Demo", "1demo", "demo-", "a".repeat(37)}) {
      assertRefused(Code.INVALID_ARGUMENT, refusal, () -> add(name));
    }
  }

  @Test
  void deletesANamespaceWithItsSecrets() {
    // given
    add("demo");
    server
        .ingress()
        .storeSecret(StoreSecretRequest.newBuilder().setNamespace("demo").setName("key").build());

    // when
    String deleted = delete("demo");

    // then
    assertThat(deleted).isEqualTo("demo");
    assertThat(list(GetNamespacesRequest.getDefaultInstance()).getNamespacesList()).isEmpty();
    add("demo");
    assertThat(
            server
                .ingress()
                .getSecrets(GetSecretsRequest.newBuilder().setNamespace("demo").build())
                .getSecretsList())
        .isEmpty();
  }

  @Test
  void refusesToDeleteWhatDoesNotExist() {
    assertRefused(Code.NOT_FOUND, "namespace 'nope' does not exist", () -> delete("nope"));
  }

  private AddNamespaceResponse add(String name) {
    return server.ingress().addNamespace(AddNamespaceRequest.newBuilder().setName(name).build());
  }

  private String delete(String name) {
    return server
        .ingress()
        .deleteNamespace(DeleteNamespaceRequest.newBuilder().setName(name).build())
        .getName();
  }

  private GetNamespacesResponse list(GetNamespacesRequest request) {
    return server.ingress().getNamespaces(request);
  }
}
