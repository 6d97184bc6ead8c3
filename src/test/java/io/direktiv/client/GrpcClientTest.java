package io.direktiv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.direktiv.client.http2.Deadline;
import io.direktiv.protocol.ingress.DirektivIngressGrpc;
import io.direktiv.protocol.ingress.GetNamespacesRequest;
import io.direktiv.protocol.ingress.GetNamespacesResponse;
import io.direktiv.protocol.ingress.GetWorkflowByIdRequest;
import io.direktiv.protocol.ingress.GetWorkflowByIdResponse;
import io.direktiv.protocol.ingress.InvokeWorkflowRequest;
import io.direktiv.protocol.ingress.InvokeWorkflowResponse;
import io.direktiv.protocol.v1.DirektivGrpc;
import io.direktiv.protocol.v1.FollowLogsRequest;
import io.direktiv.protocol.v1.FollowLogsResponse;
import io.direktiv.protocol.v1.LogLine;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The client against a real gRPC server.
@Timeout(60)
final class GrpcClientTest {
  private static final int LARGE = 20 << 20;

  private final List<Metadata> seen = new ArrayList<>();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private Server server;
  private GrpcClient client;

  @BeforeEach
  void start() throws Exception {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(64 << 20)
            .addService(new FakeIngress())
            .addService(new FakeDirektiv())
            .intercept(new Recorder())
            .build()
            .start();
    client = client(Optional.of("dk_secret"));
  }

  @AfterEach
  void stop() throws InterruptedException {
    client.close();
    server.shutdownNow().awaitTermination();
  }

  private GrpcClient client(Optional<String> token) {
    return new GrpcClient(
        new Endpoint("127.0.0.1", server.getPort()), token, Duration.ofSeconds(3));
  }

  @Test
  void callsOneMethodAfterTheOtherOnOneConnection() {
    for (int i = 0; i < 3; i++) {
      Message answer = call(Ingress.GET_NAMESPACES.newRequest(), Ingress.GET_NAMESPACES);

      assertThat(answer.messages("namespaces").getFirst().text("name")).isEqualTo("demo");
    }
    assertThat(seen).hasSize(3);
    Metadata last = seen.getLast();
    assertThat(last.get(key("authorization"))).isEqualTo("Bearer dk_secret");
    assertThat(last.get(key("grpc-timeout"))).endsWith("m");
  }

  @Test
  void failsWithTheCodeAndMessageOfTheServer() {
    Message request = Ingress.GET_WORKFLOW.newRequest().set("id", "ümlaut 100 %\nzwei");

    assertThatThrownBy(() -> call(request, Ingress.GET_WORKFLOW))
        .isInstanceOfSatisfying(
            GrpcException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
        .hasMessage("workflow 'ümlaut 100 %\nzwei' does not exist");
  }

  @Test
  void failsWhenTheServerLacksTheMethod() {
    Method unknown = new Method("ingress.DirektivIngress/Nothing", Shape.EMPTY, Shape.EMPTY);

    assertThatThrownBy(() -> call(unknown.newRequest(), unknown))
        .isInstanceOfSatisfying(
            GrpcException.class, e -> assertThat(e.code()).isEqualTo(Code.UNIMPLEMENTED));
  }

  @Test
  void sendsAndReadsLargeMessages() {
    byte[] input = new byte[LARGE];
    input[LARGE - 1] = 1;
    Message invoked =
        call(Ingress.INVOKE_WORKFLOW.newRequest().set("input", input), Ingress.INVOKE_WORKFLOW);
    Message large =
        call(Ingress.GET_WORKFLOW.newRequest().set("id", "large"), Ingress.GET_WORKFLOW);

    assertThat(invoked.text("instanceId")).isEqualTo(LARGE + " bytes, the last is 1");
    assertThat(large.bytes("workflow")).hasSize(LARGE);
  }

  @Test
  void readsAStreamToItsEnd() {
    Message request = DirektivV1.FOLLOW_LOGS.newRequest().set("offset", 1_000);
    int lines = 0;
    try (MessageStream stream = client.stream(DirektivV1.FOLLOW_LOGS, request, Deadline.NEVER)) {
      for (Optional<Message> next = stream.next(); next.isPresent(); next = stream.next()) {
        assertThat(next.get().messages("lines").getFirst().number("number")).isEqualTo(lines++);
      }
    }
    assertThat(lines).isEqualTo(1_000);
  }

  @Test
  void tellsTheServerWhenAStreamIsNotWantedAnyMore() throws Exception {
    Message request = DirektivV1.FOLLOW_LOGS.newRequest().set("follow", true);
    try (MessageStream stream = client.stream(DirektivV1.FOLLOW_LOGS, request, Deadline.NEVER)) {
      assertThat(stream.next()).isPresent();
    }

    assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(
            call(Ingress.GET_NAMESPACES.newRequest(), Ingress.GET_NAMESPACES)
                .messages("namespaces"))
        .hasSize(1);
  }

  @Test
  void stopsAtTheDeadline() {
    Message request = DirektivV1.FOLLOW_LOGS.newRequest().set("follow", true);
    try (MessageStream stream =
        client.stream(DirektivV1.FOLLOW_LOGS, request, Deadline.in(Duration.ofMillis(200)))) {
      // Whether the first line still comes in time is up to the machine.
      assertThatThrownBy(
              () -> {
                stream.next();
                stream.next();
              })
          .isInstanceOfSatisfying(
              GrpcException.class, e -> assertThat(e.code()).isEqualTo(Code.DEADLINE_EXCEEDED));
    }
  }

  @Test
  void failsWhenTheServerStopsDuringACall() {
    Message request = DirektivV1.FOLLOW_LOGS.newRequest().set("follow", true);
    try (MessageStream stream = client.stream(DirektivV1.FOLLOW_LOGS, request, Deadline.NEVER)) {
      stream.next();
      server.shutdownNow();

      assertThatThrownBy(stream::next)
          .isInstanceOfSatisfying(
              GrpcException.class,
              e -> assertThat(e.code()).isIn(Code.UNAVAILABLE, Code.CANCELLED));
    }
  }

  @Test
  void saysWhatToDoWhenNoServerListens() {
    GrpcClient other =
        new GrpcClient(
            new Endpoint("127.0.0.1", freePort()), Optional.empty(), Duration.ofSeconds(3));

    assertThatThrownBy(() ->
            other.call(
                Ingress.GET_NAMESPACES,
                Ingress.GET_NAMESPACES.newRequest(),
                Deadline.in(Duration.ofSeconds(3))))
        .isInstanceOfSatisfying(
            GrpcException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
        .hasMessageContaining("no server listens at 127.0.0.1:")
        .hasMessageContaining("./direktiv server");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void decodesMessagesOfTheServer() {
    assertThat(MessageStream.decode("100%25 %C3%BC %zz %2")).isEqualTo("100% ü %zz %2");
  }

  private Message call(Message request, Method method) {
    return client.call(method, request, Deadline.in(Duration.ofSeconds(20)));
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private final class Recorder implements ServerInterceptor {
    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
      seen.add(headers);
      return next.startCall(call, headers);
    }
  }

  private static final class FakeIngress extends DirektivIngressGrpc.DirektivIngressImplBase {
    @Override
    public void getNamespaces(
        GetNamespacesRequest request, StreamObserver<GetNamespacesResponse> answer) {
      answer.onNext(
          GetNamespacesResponse.newBuilder()
              .addNamespaces(GetNamespacesResponse.Namespace.newBuilder().setName("demo"))
              .build());
      answer.onCompleted();
    }

    @Override
    public void getWorkflowById(
        GetWorkflowByIdRequest request, StreamObserver<GetWorkflowByIdResponse> answer) {
      if (request.getId().equals("large")) {
        answer.onNext(
            GetWorkflowByIdResponse.newBuilder()
                .setWorkflow(ByteString.copyFrom(new byte[LARGE]))
                .build());
        answer.onCompleted();
        return;
      }
      answer.onError(
          Status.NOT_FOUND
              .withDescription("workflow '" + request.getId() + "' does not exist")
              .asRuntimeException());
    }

    @Override
    public void invokeWorkflow(
        InvokeWorkflowRequest request, StreamObserver<InvokeWorkflowResponse> answer) {
      ByteString input = request.getInput();
      answer.onNext(
          InvokeWorkflowResponse.newBuilder()
              .setInstanceId(input.size() + " bytes, the last is " + input.byteAt(input.size() - 1))
              .build());
      answer.onCompleted();
    }
  }

  private final class FakeDirektiv extends DirektivGrpc.DirektivImplBase {
    @Override
    public void followLogs(FollowLogsRequest request, StreamObserver<FollowLogsResponse> answer) {
      if (request.getFollow()) {
        ((ServerCallStreamObserver<FollowLogsResponse>) answer)
            .setOnCancelHandler(cancelled::countDown);
        answer.onNext(line(0));
        return;
      }
      for (int i = 0; i < request.getOffset(); i++) {
        answer.onNext(line(i));
      }
      answer.onCompleted();
    }

    private static FollowLogsResponse line(int number) {
      return FollowLogsResponse.newBuilder()
          .addLines(LogLine.newBuilder().setNumber(number).setMessage("x".repeat(500)))
          .build();
    }
  }
}
