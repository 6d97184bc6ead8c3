package io.direktiv.api.grpc;

import io.direktiv.api.Address;
import io.direktiv.api.Api;
import io.direktiv.api.DoorException;
import io.direktiv.protocol.ingress.DirektivIngressGrpc;
import io.direktiv.protocol.v1.DirektivGrpc;
import io.direktiv.telemetry.Service;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The gRPC door.
///
/// ```
///   closed ──start──▶ open ──stop──▶ draining ──calls ended, or stopMax passed──▶ closed
/// ```
///
/// Draining refuses new calls, ends those that wait for an instance with `UNAVAILABLE` and lets the
/// others finish. A door opens once.
public final class GrpcDoor implements Service {
  private static final String SETTING = "DIREKTIV_INGRESS_BIND";
  private static final List<String> SERVICES =
      List.of("", DirektivIngressGrpc.SERVICE_NAME, DirektivGrpc.SERVICE_NAME);

  private final Address address;
  private final GrpcSettings settings;
  private final HealthStatusManager health = new HealthStatusManager();
  private final Waiting waiting = new Waiting();
  private final Admission admission;
  private final Callers callers;
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("grpc-", 0).factory());
  private Server server;
  private boolean isStopped;

  /// A closed door; `address` may have port 0 for any that is free.
  public GrpcDoor(Api api, Address address, GrpcSettings settings) {
    this.address = address;
    this.settings = settings;
    admission = new Admission(settings.callsMax());
    callers = new Callers(api);
  }

  /// Opens the door.
  ///
  /// @throws DoorException when the address cannot be listened at
  @Override
  public synchronized void start() {
    if (server != null || isStopped) {
      throw new IllegalStateException("a gRPC door opens once");
    }
    SERVICES.forEach(name -> health.setStatus(name, ServingStatus.NOT_SERVING));
    nameMachine();
    Server built = build();
    try {
      built.start();
    } catch (IOException | RuntimeException e) {
      built.shutdownNow();
      throw DoorException.cannotListen(address, SETTING, e);
    }
    server = built;
  }

  /// Netty names its connections after this machine, looks for the address of a network card to do
  /// so, and warns where there is none, as in a container without network. Nothing here reads those
  /// names, so any will do.
  private static void nameMachine() {
    System.getProperties()
        .putIfAbsent("io.grpc.netty.shaded.io.netty.machineId", "02:00:00:00:00:01");
  }

  /// Tells those who ask for the health that the server is ready; until then it is `NOT_SERVING`.
  public synchronized void ready() {
    SERVICES.forEach(name -> health.setStatus(name, ServingStatus.SERVING));
  }

  private Server build() {
    Endings endings = new Endings(settings.waitMax(), waiting, calls);
    return NettyServerBuilder.forAddress(new InetSocketAddress(address.host(), address.port()))
        .executor(calls)
        .maxInboundMessageSize(settings.messageBytesMax())
        .maxConcurrentCallsPerConnection(settings.callsPerConnectionMax())
        .permitKeepAliveTime(10, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(1, TimeUnit.MINUTES)
        .addService(guarded(new IngressService(settings.listItemsMax(), endings)))
        .addService(guarded(new DirektivService(endings, waiting)))
        .addService(guarded(ProtoReflectionServiceV1.newInstance()))
        .addService(guarded(v1alphaReflection()))
        .addService(health.getHealthService())
        .build();
  }

  /// WHY: deprecated for v1, but the tools of v0.1.6's time only speak this one. SAFE BECAUSE: it
  /// answers from the same descriptors.
  @SuppressWarnings("deprecation")
  private static BindableService v1alphaReflection() {
    return ProtoReflectionService.newInstance();
  }

  private ServerServiceDefinition guarded(BindableService service) {
    return ServerInterceptors.interceptForward(service, admission, callers);
  }

  /// The port that it listens at; only after [#start].
  public synchronized int port() {
    if (server == null) {
      throw new IllegalStateException("the gRPC door is closed");
    }
    return server.getPort();
  }

  /// Waits at most so long until exactly `wanted` calls are under way.
  boolean awaitCalls(int wanted, Duration atMost) {
    return admission.await(wanted, atMost);
  }

  @Override
  public synchronized void stop() {
    isStopped = true;
    if (server == null) {
      return;
    }
    health.enterTerminalState();
    server.shutdown();
    waiting.stop();
    admission.await(0, settings.stopMax());
    server.shutdownNow();
    await(server);
    server = null;
    calls.shutdown();
  }

  private static void await(Server server) {
    try {
      server.awaitTermination(Duration.ofSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
