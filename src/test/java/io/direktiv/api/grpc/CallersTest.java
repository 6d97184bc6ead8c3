package io.direktiv.api.grpc;

import static io.direktiv.api.grpc.GrpcFixture.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.direktiv.api.ApiToken;
import io.direktiv.api.AuthMode;
import io.direktiv.protocol.ingress.AddNamespaceRequest;
import io.direktiv.protocol.ingress.DeleteNamespaceRequest;
import io.direktiv.protocol.ingress.DirektivIngressGrpc;
import io.direktiv.protocol.ingress.DirektivIngressGrpc.DirektivIngressBlockingStub;
import io.direktiv.protocol.ingress.GetNamespacesRequest;
import io.direktiv.protocol.ingress.GetNamespacesResponse;
import io.direktiv.protocol.ingress.GetSecretsRequest;
import io.direktiv.protocol.ingress.GetWorkflowByUidRequest;
import io.direktiv.protocol.ingress.GetWorkflowInstanceRequest;
import io.direktiv.protocol.ingress.GetWorkflowsRequest;
import io.direktiv.protocol.ingress.InvokeWorkflowRequest;
import io.direktiv.protocol.ingress.UpdateWorkflowRequest;
import io.direktiv.protocol.v1.DirektivGrpc;
import io.direktiv.protocol.v1.FollowLogsRequest;
import io.direktiv.store.Change;
import io.direktiv.store.TokenRecord;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who may call what at the gRPC door when callers need tokens.
class CallersTest {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String OUTSIDE =
      "the token 'tenant' opens only namespace 'mine'; use a token for 'other'";
  private static final String SERVER_WIDE =
      "the token 'tenant' opens only namespace 'mine'; this needs a token for the whole server";

  @TempDir Path data;
  private GrpcFixture server;
  private String root;
  private String tenant;
  private String otherUid;

  @BeforeEach
  void open() {
    server = new GrpcFixture(data, AuthMode.TOKENS, GrpcSettings.DEFAULT);
    root = token("root", Optional.empty(), Optional.empty());
    tenant = token("tenant", Optional.of("mine"), Optional.empty());
    server.parts().api().createNamespace("mine");
    server.parts().api().createNamespace("other");
    otherUid =
        server
            .parts()
            .api()
            .createWorkflow("other", "id: echo\nstates:\n- id: a\n  type: noop\n", true, "")
            .uid();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String token(String name, Optional<String> namespace, Optional<Instant> expires) {
    ApiToken token = ApiToken.draw(new SecureRandom());
    server
        .parts()
        .store()
        .commit(
            List.of(
                new Change.CreateToken(
                    new TokenRecord(
                        name, ApiToken.hash(token.text()), namespace, Instant.now(), expires))))
        .join();
    return token.text();
  }

  private DirektivIngressBlockingStub as(String authorization) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, authorization);
    return DirektivIngressGrpc.newBlockingStub(server.channel())
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private List<String> namespaces(DirektivIngressBlockingStub caller) {
    return caller
        .getNamespaces(GetNamespacesRequest.getDefaultInstance())
        .getNamespacesList()
        .stream()
        .map(GetNamespacesResponse.Namespace::getName)
        .toList();
  }

  @Test
  void refusesCallersWithoutAToken() {
    String refusal = "this server wants an API token; send it as 'Authorization: Bearer TOKEN'";

    assertRefused(Code.UNAUTHENTICATED, refusal, () -> namespaces(server.ingress()));
    assertRefused(Code.UNAUTHENTICATED, refusal, () -> namespaces(as("Basic " + root)));
    assertRefused(Code.UNAUTHENTICATED, refusal, () -> namespaces(as("Bearer ")));
  }

  @Test
  void refusesUnknownAndExpiredTokens() {
    String unknown = ApiToken.draw(new SecureRandom()).text();
    String expired = token("old", Optional.empty(), Optional.of(Instant.now().minusSeconds(1)));
    String refusal =
        "the API token is unknown or has expired; create one with 'direktiv token create'";

    assertRefused(Code.UNAUTHENTICATED, refusal, () -> namespaces(as("Bearer " + unknown)));
    assertRefused(Code.UNAUTHENTICATED, refusal, () -> namespaces(as("Bearer " + expired)));
  }

  @Test
  void opensEverythingToATokenForTheWholeServer() {
    assertThat(namespaces(as("Bearer " + root))).containsExactly("mine", "other");
    assertThat(namespaces(as("bearer " + root))).containsExactly("mine", "other");
  }

  @Test
  void showsATenantItsOwnNamespaceOnly() {
    assertThat(namespaces(as("Bearer " + tenant))).containsExactly("mine");
  }

  @Test
  void refusesATenantWhatBelongsToOthers() {
    var caller = as("Bearer " + tenant);

    assertRefused(
        Code.PERMISSION_DENIED,
        OUTSIDE,
        () -> caller.getWorkflows(GetWorkflowsRequest.newBuilder().setNamespace("other").build()));
    assertRefused(
        Code.PERMISSION_DENIED,
        OUTSIDE,
        () -> caller.getSecrets(GetSecretsRequest.newBuilder().setNamespace("other").build()));
    assertRefused(
        Code.PERMISSION_DENIED,
        OUTSIDE,
        () ->
            caller.invokeWorkflow(
                InvokeWorkflowRequest.newBuilder()
                    .setNamespace("other")
                    .setWorkflowId("echo")
                    .build()));
    assertRefused(
        Code.PERMISSION_DENIED,
        OUTSIDE,
        () ->
            caller.getWorkflowInstance(
                GetWorkflowInstanceRequest.newBuilder().setId("other/echo/AAAAAA").build()));
  }

  @Test
  void refusesATenantForeignWorkflowsByUid() {
    var caller = as("Bearer " + tenant);

    assertRefused(
        Code.PERMISSION_DENIED,
        OUTSIDE,
        () ->
            caller.getWorkflowByUid(GetWorkflowByUidRequest.newBuilder().setUid(otherUid).build()));
    assertRefused(
        Code.PERMISSION_DENIED,
        OUTSIDE,
        () ->
            caller.updateWorkflow(
                UpdateWorkflowRequest.newBuilder().setUid(otherUid).setActive(false).build()));
  }

  @Test
  void refusesATenantToCreateAndDeleteNamespaces() {
    var caller = as("Bearer " + tenant);

    assertRefused(
        Code.PERMISSION_DENIED,
        SERVER_WIDE,
        () -> caller.addNamespace(AddNamespaceRequest.newBuilder().setName("more").build()));
    assertRefused(
        Code.PERMISSION_DENIED,
        SERVER_WIDE,
        () -> caller.deleteNamespace(DeleteNamespaceRequest.newBuilder().setName("mine").build()));
  }

  @Test
  void guardsOurOwnServiceAsWell() {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + tenant);
    var direktiv =
        DirektivGrpc.newBlockingStub(server.channel())
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    var request = FollowLogsRequest.newBuilder().setInstanceId("other/echo/AAAAAA").build();

    assertRefused(Code.PERMISSION_DENIED, OUTSIDE, () -> direktiv.followLogs(request).hasNext());
    assertRefused(
        Code.UNAUTHENTICATED,
        "this server wants an API token; send it as 'Authorization: Bearer TOKEN'",
        () -> server.direktiv().followLogs(request).hasNext());
  }

  @Test
  @Timeout(30)
  void endsStreamsWhoseTokenIsDeleted() {
    // given
    server
        .parts()
        .api()
        .createWorkflow(
            "mine", "id: waits\nstates:\n- id: a\n  type: delay\n  duration: PT1H\n", true, "");
    String instance =
        as("Bearer " + tenant)
            .invokeWorkflow(
                InvokeWorkflowRequest.newBuilder()
                    .setNamespace("mine")
                    .setWorkflowId("waits")
                    .build())
            .getInstanceId();
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + tenant);
    var lines =
        DirektivGrpc.newBlockingStub(server.channel())
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .followLogs(
                FollowLogsRequest.newBuilder().setInstanceId(instance).setFollow(true).build());
    assertThat(lines.hasNext()).isTrue();

    // when
    server.parts().store().commit(List.of(new Change.DeleteToken("tenant"))).join();

    // then
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> lines.forEachRemaining(_ -> {}))
        .returns(Code.UNAUTHENTICATED, e -> e.getStatus().getCode());
  }
}
