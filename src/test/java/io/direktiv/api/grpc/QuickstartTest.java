package io.direktiv.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.direktiv.protocol.ingress.AddNamespaceRequest;
import io.direktiv.protocol.ingress.AddWorkflowRequest;
import io.direktiv.protocol.ingress.GetNamespacesRequest;
import io.direktiv.protocol.ingress.GetNamespacesResponse;
import io.direktiv.protocol.ingress.GetWorkflowInstanceRequest;
import io.direktiv.protocol.ingress.InvokeWorkflowRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The quickstart of Direktiv v0.1.6, as its client calls it.
class QuickstartTest {
  private static final String HELLOWORLD =
      """
      id: helloworld
      states:
      - id: hello
        type: noop
        transform: '{ msg: ("Hello, " + .name + "!") }'
      """;

  @TempDir Path data;

  @Test
  void greetsAlan() {
    try (GrpcFixture server = new GrpcFixture(data)) {
      var ingress = server.ingress();

      // given
      ingress.addNamespace(AddNamespaceRequest.newBuilder().setName("demo").build());
      ingress.addWorkflow(
          AddWorkflowRequest.newBuilder()
              .setNamespace("demo")
              .setActive(true)
              .setWorkflow(ByteString.copyFromUtf8(HELLOWORLD))
              .build());

      // when
      var started =
          ingress.invokeWorkflow(
              InvokeWorkflowRequest.newBuilder()
                  .setNamespace("demo")
                  .setWorkflowId("helloworld")
                  .setInput(ByteString.copyFromUtf8("{\n\"name\": \"Alan\"\n}\n"))
                  .build());

      // then
      assertThat(started.getInstanceId()).matches("demo/helloworld/[a-zA-Z]{6}");
      var instance =
          ingress.getWorkflowInstance(
              GetWorkflowInstanceRequest.newBuilder().setId(started.getInstanceId()).build());
      assertThat(instance.getStatus()).isEqualTo("complete");
      assertThat(instance.getInput().toStringUtf8()).isEqualTo("{\n  \"name\": \"Alan\"\n}");
      assertThat(instance.getOutput().toStringUtf8()).isEqualTo("{\"msg\":\"Hello, Alan!\"}");
      assertThat(ingress.getNamespaces(GetNamespacesRequest.getDefaultInstance()))
          .extracting(GetNamespacesResponse::getNamespacesList)
          .satisfies(all -> assertThat(all).singleElement().returns("demo", n -> n.getName()));
    }
  }
}
