package io.direktiv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import io.direktiv.protocol.ingress.GetWorkflowInstanceLogsResponse;
import io.direktiv.protocol.ingress.GetWorkflowInstanceResponse;
import io.direktiv.protocol.ingress.UpdateWorkflowRequest;
import io.direktiv.protocol.v1.Diagnostic;
import io.direktiv.protocol.v1.ValidateWorkflowResponse;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The encoding against the library's own.
final class WireTest {
  @Test
  void writesWhatTheLibraryReads() throws Exception {
    Message message =
        Ingress.UPDATE_WORKFLOW
            .newRequest()
            .set("uid", "ä-1")
            .set("revision", -7)
            .set("active", false)
            .set("workflow", new byte[] {0, -1, 5});

    UpdateWorkflowRequest read = UpdateWorkflowRequest.parseFrom(Wire.write(message));

    assertThat(read)
        .isEqualTo(
            UpdateWorkflowRequest.newBuilder()
                .setUid("ä-1")
                .setRevision(-7)
                .setActive(false)
                .setWorkflow(ByteString.copyFrom(new byte[] {0, -1, 5}))
                .build());
    assertThat(read.hasLogToEvents()).isFalse();
  }

  @Test
  void readsWhatTheLibraryWrites() {
    byte[] bytes =
        GetWorkflowInstanceResponse.newBuilder()
            .setId("demo/hello/aaaaaa")
            .setRevision(-1)
            .setBeginTime(Timestamp.newBuilder().setSeconds(1_616_716_800L).setNanos(5))
            .addFlow("a")
            .addFlow("b")
            .setOutput(ByteString.copyFromUtf8("{}"))
            .setErrorCode("")
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(
                        99,
                        UnknownFieldSet.Field.newBuilder()
                            .addVarint(1L << 60)
                            .addFixed32(1)
                            .addFixed64(2)
                            .addLengthDelimited(ByteString.copyFromUtf8("later"))
                            .build())
                    .build())
            .build()
            .toByteArray();

    Message message = Wire.read(Ingress.GET_INSTANCE.response(), bytes);

    assertThat(message.text("id")).isEqualTo("demo/hello/aaaaaa");
    assertThat(message.number("revision")).isEqualTo(-1);
    assertThat(message.message("beginTime").orElseThrow().number("seconds"))
        .isEqualTo(1_616_716_800L);
    assertThat(message.texts("flow")).containsExactly("a", "b");
    assertThat(message.bytes("output")).asString().isEqualTo("{}");
    assertThat(message.has("errorCode")).isTrue();
    assertThat(message.has("endTime")).isFalse();
  }

  @Test
  void readsMapsAndEnumerations() {
    Message log =
        Wire.read(
                Ingress.GET_LOGS.response(),
                GetWorkflowInstanceLogsResponse.newBuilder()
                    .addWorkflowInstanceLogs(
                        GetWorkflowInstanceLogsResponse.WorkflowInstanceLog.newBuilder()
                            .putContext("k", "v"))
                    .build()
                    .toByteArray())
            .messages("workflowInstanceLogs")
            .getFirst();
    Message diagnostic =
        Wire.read(
                DirektivV1.VALIDATE_WORKFLOW.response(),
                ValidateWorkflowResponse.newBuilder()
                    .addDiagnostics(
                        Diagnostic.newBuilder()
                            .setLine(3)
                            .setSeverity(Diagnostic.Severity.SEVERITY_ERROR))
                    .build()
                    .toByteArray())
            .messages("diagnostics")
            .getFirst();

    assertThat(log.messages("context").getFirst().text("value")).isEqualTo("v");
    assertThat(diagnostic.number("severity")).isEqualTo(DirektivV1.SEVERITY_ERROR);
  }

  @Test
  void refusesBytesThatAreNoMessage() {
    for (byte[] bytes :
        List.of(
            new byte[] {0x0a}, // a string without its length
            new byte[] {0x0a, 5, 'a'}, // a string longer than the message
            new byte[] {0x0b}, // a group
            new byte[] {0x18, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, // eleven bytes of number
            new byte[] {0x0a, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1})) { // a negative length
      assertThatThrownBy(() -> Wire.read(Ingress.GET_WORKFLOW.response(), bytes))
          .isInstanceOf(GrpcException.class);
    }
  }

  @Test
  void survivesRandomBytes() {
    Random random = new Random(20);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      try {
        Wire.read(Ingress.GET_INSTANCE.response(), bytes);
      } catch (GrpcException e) {
        assertThat(e.code()).isEqualTo(Code.INTERNAL);
      }
    }
  }
}
