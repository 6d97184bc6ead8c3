package io.direktiv.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What tools find out about this door by asking it.
class ReflectionTest {
  @TempDir Path data;

  @Test
  void namesItsServicesAndDescribesThem() throws Exception {
    try (GrpcFixture server = new GrpcFixture(data)) {
      // when
      ServerReflectionResponse services =
          ask(
              ServerReflectionGrpc.newStub(server.channel())::serverReflectionInfo,
              ServerReflectionRequest.newBuilder().setListServices("").build());
      ServerReflectionResponse file =
          ask(
              ServerReflectionGrpc.newStub(server.channel())::serverReflectionInfo,
              ServerReflectionRequest.newBuilder()
                  .setFileContainingSymbol("ingress.DirektivIngress")
                  .build());

      // then
      assertThat(services.getListServicesResponse().getServiceList())
          .extracting(ServiceResponse::getName)
          .contains("ingress.DirektivIngress", "direktiv.v1.Direktiv", "grpc.health.v1.Health");
      assertThat(methods(file.getFileDescriptorResponse().getFileDescriptorProto(0)))
          .hasSize(21)
          .contains("AddNamespace", "GetWorkflowById", "DeleteRegistry");
    }
  }

  private static List<String> methods(com.google.protobuf.ByteString file)
      throws InvalidProtocolBufferException {
    return FileDescriptorProto.parseFrom(file).getService(0).getMethodList().stream()
        .map(method -> method.getName())
        .toList();
  }

  @Test
  void answersToolsThatKnowOnlyTheAlphaVersion() throws Exception {
    try (GrpcFixture server = new GrpcFixture(data)) {
      // when
      var services =
          ask(
              io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(server.channel())
                  ::serverReflectionInfo,
              io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                  .setListServices("")
                  .build());

      // then
      assertThat(services.getListServicesResponse().getServiceList())
          .extracting(io.grpc.reflection.v1alpha.ServiceResponse::getName)
          .contains("ingress.DirektivIngress", "direktiv.v1.Direktiv");
    }
  }

  private static <Q, A> A ask(Function<StreamObserver<A>, StreamObserver<Q>> call, Q question)
      throws Exception {
    CompletableFuture<A> answer = new CompletableFuture<>();
    StreamObserver<Q> questions =
        call.apply(
            new StreamObserver<>() {
              @Override
              public void onNext(A value) {
                answer.complete(value);
              }

              @Override
              public void onError(Throwable failure) {
                answer.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {
                answer.completeExceptionally(new AssertionError("no answer"));
              }
            });
    questions.onNext(question);
    A value = answer.get(20, TimeUnit.SECONDS);
    questions.onCompleted();
    return value;
  }
}
