package io.direktiv.crash;

import com.google.protobuf.ByteString;
import io.direktiv.json.Json;
import io.direktiv.protocol.v1.DirektivGrpc;
import io.direktiv.protocol.v1.ExecuteWorkflowRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Starts at the gRPC door, with the manners of [Client].
final class GrpcStarts implements AutoCloseable {
  private static final Set<Status.Code> NO_ANSWER =
      Set.of(Status.Code.UNAVAILABLE, Status.Code.CANCELLED, Status.Code.UNKNOWN);

  private final ManagedChannel channel;
  private final String namespace;

  /// @param address `HOST:PORT`
  GrpcStarts(String address, String namespace) {
    this.channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
    this.namespace = namespace;
  }

  /// Starts an instance, once however often it is asked with this key, and returns its id.
  String start(String workflow, Json input, String key) throws IOException {
    ExecuteWorkflowRequest request =
        ExecuteWorkflowRequest.newBuilder()
            .setNamespace(namespace)
            .setWorkflow(workflow)
            .setInput(ByteString.copyFrom(input.toBytes()))
            .setIdempotencyKey(key)
            .build();
    try {
      return DirektivGrpc.newBlockingStub(channel)
          .withDeadlineAfter(60, TimeUnit.SECONDS)
          .executeWorkflow(request)
          .getInstanceId();
    } catch (StatusRuntimeException e) {
      if (NO_ANSWER.contains(e.getStatus().getCode())) {
        throw new IOException(e);
      }
      throw new IllegalStateException("gRPC answered " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
