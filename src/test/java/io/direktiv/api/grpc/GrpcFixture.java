package io.direktiv.api.grpc;

import io.direktiv.api.Address;
import io.direktiv.api.AuthMode;
import io.direktiv.engine.EngineSettings;
import io.direktiv.functions.NoFunctions;
import io.direktiv.protocol.ingress.DirektivIngressGrpc;
import io.direktiv.protocol.v1.DirektivGrpc;
import io.direktiv.secrets.MasterKey;
import io.direktiv.server.Parts;
import io.direktiv.store.sql.SqlStore;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

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
            auth,
            (_, _) -> new NoFunctions("no container engine in this test"));
    parts.start();
    door = new GrpcDoor(parts.api(), new Address("127.0.0.1", 0), settings);
    door.start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", door.port())
            .usePlaintext()
            .maxInboundMessageSize(64 << 20)
            .build();
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

  @Override
  public void close() {
    channel.shutdownNow();
    door.stop();
    parts.close();
    notifier.close();
  }
}
