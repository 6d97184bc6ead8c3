package io.direktiv.api.grpc;

import static io.direktiv.api.grpc.GrpcFixture.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.direktiv.api.Address;
import io.direktiv.api.AuthMode;
import io.direktiv.api.DoorException;
import io.direktiv.protocol.ingress.GetNamespacesRequest;
import io.direktiv.protocol.ingress.InvokeWorkflowRequest;
import io.direktiv.protocol.v1.DirektivGrpc;
import io.direktiv.protocol.v1.ExecuteWorkflowRequest;
import io.direktiv.protocol.v1.FollowLogsRequest;
import io.direktiv.protocol.v1.FollowLogsResponse;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The gRPC door itself: opening, closing, health, limits and threads.
class GrpcDoorTest {
  private static final String ECHO = "id: echo\nstates:\n- id: a\n  type: noop\n";
  private static final String SLEEP =
      "id: sleep\nstates:\n- id: wait\n  type: delay\n  duration: PT1H\n";

  @TempDir Path data;

  private static GrpcSettings settings(int messageBytesMax, int callsMax, int listItemsMax) {
    return new GrpcSettings(
        messageBytesMax,
        callsMax,
        callsMax,
        listItemsMax,
        Duration.ofHours(1),
        Duration.ofSeconds(5));
  }

  @Test
  void saysWhoseTurnItIsWhenThePortIsTaken() {
    try (GrpcFixture server = new GrpcFixture(data)) {
      // given
      Address taken = new Address("127.0.0.1", server.door().port());
      GrpcDoor second = new GrpcDoor(server.parts().api(), taken, GrpcSettings.DEFAULT);

      // when, then
      assertThatExceptionOfType(DoorException.class)
          .isThrownBy(second::start)
          .withMessage(
              "DK0004: "
                  + taken
                  + " is in use; stop the other process or set DIREKTIV_INGRESS_BIND");
      second.stop();
    }
  }

  @Test
  void saysThatAHostIsUnknown() {
    try (GrpcFixture server = new GrpcFixture(data)) {
      // given
      GrpcDoor door =
          new GrpcDoor(
              server.parts().api(), new Address("no.such.host.invalid", 0), GrpcSettings.DEFAULT);

      // when, then
      assertThatExceptionOfType(DoorException.class)
          .isThrownBy(door::start)
          .withMessage(
              "DK0004: no.such.host.invalid:0 names no machine; set DIREKTIV_INGRESS_BIND to an"
                  + " address of this one");
    }
  }

  @Test
  void mayBeStoppedWithoutStartAndTwice() {
    GrpcFixture server = new GrpcFixture(data);
    GrpcDoor closed =
        new GrpcDoor(server.parts().api(), new Address("127.0.0.1", 0), GrpcSettings.DEFAULT);
    closed.stop();
    closed.stop();
    server.door().stop();
    server.close();
  }

  @Test
  void isHealthyByServiceNameOnceItIsReady() {
    try (GrpcFixture server = new GrpcFixture(data, AuthMode.TOKENS, GrpcSettings.DEFAULT)) {
      var health = HealthGrpc.newBlockingStub(server.channel());
      for (String name : List.of("", "ingress.DirektivIngress", "direktiv.v1.Direktiv")) {
        assertThat(health.check(service(name)).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
      }
      server.door().ready();
      for (String name : List.of("", "ingress.DirektivIngress", "direktiv.v1.Direktiv")) {
        assertThat(health.check(service(name)).getStatus()).isEqualTo(ServingStatus.SERVING);
      }
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> health.check(service("nope")))
          .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Code.NOT_FOUND));
    }
  }

  private static HealthCheckRequest service(String name) {
    return HealthCheckRequest.newBuilder().setService(name).build();
  }

  @Test
  void refusesAMessageThatIsTooLong() {
    try (GrpcFixture server = new GrpcFixture(data, AuthMode.OFF, settings(1_000, 10, 10))) {
      var tooLong =
          InvokeWorkflowRequest.newBuilder().setInput(ByteString.copyFrom(new byte[2_000])).build();
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> server.ingress().invokeWorkflow(tooLong))
          .satisfies(e -> {
            assertThat(e.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
            assertThat(e.getStatus().getDescription()).contains("maximum size 1000");
          });
    }
  }

  @Test
  void refusesAnInputThatIsTooLongWithItsLimit() {
    try (GrpcFixture server = new GrpcFixture(data)) {
      server.namespace("demo");
      server.workflow("demo", ECHO);
      assertRefused(
          Code.INVALID_ARGUMENT,
          "the body has 16777217 bytes, but at most 16777216 are allowed",
          () -> server.invoke("demo", "echo", "x".repeat((16 << 20) + 1)));
    }
  }

  @Test
  void refusesListsThatAreTooLongForOneAnswer() {
    try (GrpcFixture server = new GrpcFixture(data, AuthMode.OFF, settings(10_000, 10, 2))) {
      // given
      List.of("alpha", "beta", "gamma").forEach(server::namespace);

      // when, then
      assertRefused(
          Code.RESOURCE_EXHAUSTED,
          "there are 3 namespaces, but one answer holds at most 2; ask for parts with offset and"
              + " limit",
          () -> server.ingress().getNamespaces(GetNamespacesRequest.getDefaultInstance()));
      var part =
          server.ingress().getNamespaces(GetNamespacesRequest.newBuilder().setLimit(9).build());
      assertThat(part.getNamespacesCount()).isEqualTo(2);
    }
  }

  @Test
  void refusesOneCallTooMany() throws Exception {
    try (GrpcFixture server = new GrpcFixture(data, AuthMode.OFF, settings(10_000, 2, 10))) {
      // given
      server.namespace("demo");
      server.workflow("demo", SLEEP);
      String id = server.invoke("demo", "sleep", "{}");
      List<Follower> followers = List.of(follow(server, id), follow(server, id));
      for (Follower follower : followers) {
        follower.begun.get(20, TimeUnit.SECONDS);
      }

      // when, then
      try (GrpcFixture.Client other = server.anotherClient()) {
        assertRefused(
            Code.RESOURCE_EXHAUSTED,
            "more than 2 calls are under way; try again later",
            () -> other.ingress().getNamespaces(GetNamespacesRequest.getDefaultInstance()));
      }
      followers.getFirst().cancel();
      assertThat(server.door().awaitCalls(1, Duration.ofSeconds(20))).isTrue();
      server.ingress().getNamespaces(GetNamespacesRequest.getDefaultInstance());
    }
  }

  @Test
  void seesThatAFollowerHasLeft() throws Exception {
    try (GrpcFixture server = new GrpcFixture(data)) {
      // given
      server.namespace("demo");
      server.workflow("demo", SLEEP);
      Follower follower = follow(server, server.invoke("demo", "sleep", "{}"));
      follower.begun.get(20, TimeUnit.SECONDS);

      // when
      follower.cancel();

      // then
      assertThat(server.door().awaitCalls(0, Duration.ofSeconds(20))).isTrue();
    }
  }

  @Test
  void tellsThoseWhoWaitThatTheServerStops() throws Exception {
    try (GrpcFixture server = new GrpcFixture(data)) {
      // given
      server.namespace("demo");
      server.workflow("demo", SLEEP);
      Follower follower = follow(server, server.invoke("demo", "sleep", "{}"));
      follower.begun.get(20, TimeUnit.SECONDS);
      CompletableFuture<Status> waiter = new CompletableFuture<>();
      Thread.startVirtualThread(() -> waiter.complete(statusOfWaiting(server)));
      assertThat(server.door().awaitCalls(2, Duration.ofSeconds(20))).isTrue();

      // when
      server.door().stop();

      // then
      for (Status status :
          List.of(follower.ended.get(20, TimeUnit.SECONDS), waiter.get(20, TimeUnit.SECONDS))) {
        assertThat(status.getCode()).isEqualTo(Code.UNAVAILABLE);
        assertThat(status.getDescription()).isEqualTo("the server is stopping; try again later");
      }
    }
  }

  private static Status statusOfWaiting(GrpcFixture server) {
    try {
      server
          .direktiv()
          .executeWorkflow(
              ExecuteWorkflowRequest.newBuilder()
                  .setNamespace("demo")
                  .setWorkflow("sleep")
                  .setWait(true)
                  .build());
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  @Test
  void needsNoPlatformThreadForAStream() throws Exception {
    try (GrpcFixture server = new GrpcFixture(data)) {
      // given
      server.namespace("demo");
      server.workflow("demo", SLEEP);
      String id = server.invoke("demo", "sleep", "{}");
      follow(server, id).begun.get(20, TimeUnit.SECONDS);
      int before = platformThreads();

      // when
      List<Follower> followers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        followers.add(follow(server, id));
      }
      for (Follower follower : followers) {
        follower.begun.get(20, TimeUnit.SECONDS);
      }

      // then
      assertThat(platformThreads()).isLessThan(before + 50);
      followers.forEach(Follower::cancel);
    }
  }

  /// Virtual threads are not counted by this.
  private static int platformThreads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private static Follower follow(GrpcFixture server, String instance) {
    Follower follower = new Follower();
    DirektivGrpc.newStub(server.channel())
        .followLogs(
            FollowLogsRequest.newBuilder().setInstanceId(instance).setFollow(true).build(),
            follower);
    return follower;
  }

  /// Someone who follows a log.
  private static final class Follower
      implements ClientResponseObserver<FollowLogsRequest, FollowLogsResponse> {
    final CompletableFuture<FollowLogsResponse> begun = new CompletableFuture<>();
    final CompletableFuture<Status> ended = new CompletableFuture<>();
    private ClientCallStreamObserver<FollowLogsRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<FollowLogsRequest> requestStream) {
      call = requestStream;
    }

    @Override
    public void onNext(FollowLogsResponse part) {
      begun.complete(part);
    }

    @Override
    public void onError(Throwable failure) {
      begun.completeExceptionally(failure);
      ended.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ended.complete(Status.OK);
    }

    void cancel() {
      call.cancel("the test is over", null);
    }
  }
}
