package io.direktiv.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.direktiv.api.Address;
import io.direktiv.api.AuthMode;
import io.direktiv.engine.EngineSettings;
import io.direktiv.engine.InstanceId;
import io.direktiv.execution.ExecutionSettings;
import io.direktiv.functions.NoFunctions;
import io.direktiv.protocol.ingress.AddNamespaceRequest;
import io.direktiv.protocol.ingress.AddWorkflowRequest;
import io.direktiv.protocol.ingress.DirektivIngressGrpc;
import io.direktiv.protocol.ingress.GetWorkflowInstanceRequest;
import io.direktiv.protocol.ingress.GetWorkflowInstanceResponse;
import io.direktiv.protocol.ingress.InvokeWorkflowRequest;
import io.direktiv.protocol.v1.DirektivGrpc;
import io.direktiv.secrets.MasterKey;
import io.direktiv.server.Parts;
import io.direktiv.store.InstanceQuery;
import io.direktiv.store.Page;
import io.direktiv.store.sql.SqlStore;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// A server with a gRPC door on a free port of this machine, and a client of it.
final class GrpcFixture implements AutoCloseable {
  private final ExecutorService notifier = Executors.newVirtualThreadPerTaskExecutor();
  private final Parts parts;
  private final GrpcDoor door;
  private final ManagedChannel channel;

  GrpcFixture(Path data) {
    this(data, AuthMode.OFF, GrpcSettings.DEFAULT);
  }

  GrpcFixture(Path data, AuthMode auth, GrpcSettings settings) {
    parts =
        Parts.build(
            SqlStore.open(data, notifier),
            MasterKey.random(),
            EngineSettings.DEFAULT,
            ExecutionSettings.DEFAULT,
            auth,
            (_, _) -> new NoFunctions("no container engine in this test"));
    parts.start();
    door = new GrpcDoor(parts.api(), new Address("127.0.0.1", 0), settings);
    door.start();
    channel = newChannel();
  }

  private ManagedChannel newChannel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", door.port())
        .usePlaintext()
        .maxInboundMessageSize(64 << 20)
        .build();
  }

  /// A client on a connection of its own.
  record Client(ManagedChannel channel) implements AutoCloseable {
    DirektivIngressGrpc.DirektivIngressBlockingStub ingress() {
      return DirektivIngressGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }

  Client anotherClient() {
    return new Client(newChannel());
  }

  Parts parts() {
    return parts;
  }

  GrpcDoor door() {
    return door;
  }

  ManagedChannel channel() {
    return channel;
  }

  DirektivIngressGrpc.DirektivIngressBlockingStub ingress() {
    return DirektivIngressGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  DirektivGrpc.DirektivBlockingStub direktiv() {
    return DirektivGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  /// Creates a namespace.
  void namespace(String name) {
    ingress().addNamespace(AddNamespaceRequest.newBuilder().setName(name).build());
  }

  /// Creates an active workflow and returns its uid.
  String workflow(String namespace, String yaml) {
    return ingress()
        .addWorkflow(
            AddWorkflowRequest.newBuilder()
                .setNamespace(namespace)
                .setActive(true)
                .setWorkflow(ByteString.copyFromUtf8(yaml))
                .build())
        .getUid();
  }

  /// Starts an instance and returns its id.
  String invoke(String namespace, String workflow, String input) {
    return ingress()
        .invokeWorkflow(
            InvokeWorkflowRequest.newBuilder()
                .setNamespace(namespace)
                .setWorkflowId(workflow)
                .setInput(ByteString.copyFromUtf8(input))
                .build())
        .getInstanceId();
  }

  /// The record of an instance.
  GetWorkflowInstanceResponse instance(String id) {
    return ingress().getWorkflowInstance(GetWorkflowInstanceRequest.newBuilder().setId(id).build());
  }

  /// The id of a namespace's newest instance.
  String newestInstance(String namespace) {
    return parts
        .api()
        .instances(InstanceQuery.of(namespace), Page.ALL)
        .items()
        .getFirst()
        .id()
        .toString();
  }

  /// The instance that `text` names.
  static InstanceId id(String text) {
    return InstanceId.parse(text).orElseThrow();
  }

  /// Waits until the instance has ended and returns its record.
  GetWorkflowInstanceResponse ended(String id) {
    parts()
        .api()
        .awaitEnd(InstanceId.parse(id).orElseThrow(), Duration.ofSeconds(20))
        .orElseThrow();
    return instance(id);
  }

  /// Checks that `call` fails with `code` and exactly `message`.
  static void assertRefused(Status.Code code, String message, ThrowingCallable call) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(call)
        .satisfies(e -> {
          assertThat(e.getStatus().getDescription()).isEqualTo(message);
          assertThat(e.getStatus().getCode()).isEqualTo(code);
        });
  }

  @Override
  public void close() {
    channel.shutdownNow();
    door.stop();
    parts.close();
    notifier.close();
  }
}
