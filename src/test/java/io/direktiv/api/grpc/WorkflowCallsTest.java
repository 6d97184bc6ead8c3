package io.direktiv.api.grpc;

import static io.direktiv.api.grpc.GrpcFixture.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.direktiv.protocol.ingress.AddWorkflowRequest;
import io.direktiv.protocol.ingress.AddWorkflowResponse;
import io.direktiv.protocol.ingress.DeleteWorkflowRequest;
import io.direktiv.protocol.ingress.GetWorkflowByIdRequest;
import io.direktiv.protocol.ingress.GetWorkflowByIdResponse;
import io.direktiv.protocol.ingress.GetWorkflowByUidRequest;
import io.direktiv.protocol.ingress.GetWorkflowByUidResponse;
import io.direktiv.protocol.ingress.GetWorkflowsRequest;
import io.direktiv.protocol.ingress.GetWorkflowsResponse;
import io.direktiv.protocol.ingress.GetWorkflowsResponse.Workflow;
import io.direktiv.protocol.ingress.UpdateWorkflowRequest;
import io.direktiv.protocol.ingress.UpdateWorkflowResponse;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Workflows at the gRPC door (reference 1.5, column "ours" where the original did badly).
class WorkflowCallsTest {
  private static final String ABSENT = "00000000-0000-4000-8000-000000000000";

  @TempDir Path data;
  private GrpcFixture server;

  @BeforeEach
  void open() {
    server = new GrpcFixture(data);
    server.namespace("demo");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static String noop(String id) {
    return "id: " + id + "\ndescription: does nothing\nstates:\n- id: a\n  type: noop\n";
  }

  @Test
  void givesANewWorkflowRevisionZero() {
    // when
    AddWorkflowResponse created = add(noop("first"));

    // then
    assertThat(created.getUid()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(created.getId()).isEqualTo("first");
    assertThat(created.hasRevision()).isTrue();
    assertThat(created.getRevision()).isZero();
    assertThat(created.hasCreatedAt()).isTrue();
  }

  @Test
  void takesALeftOutActiveForFalseAndSendsIt() {
    // when
    AddWorkflowResponse created =
        server
            .ingress()
            .addWorkflow(
                AddWorkflowRequest.newBuilder()
                    .setNamespace("demo")
                    .setWorkflow(ByteString.copyFromUtf8(noop("first")))
                    .build());

    // then
    assertThat(created.hasActive()).isTrue();
    assertThat(created.getActive()).isFalse();
  }

  @Test
  void refusesAnAbsentNamespace() {
    assertRefused(
        Code.NOT_FOUND, "namespace 'nope' does not exist", () -> add("nope", noop("first")));
  }

  @Test
  void refusesATakenId() {
    // given
    add(noop("first"));

    // when, then
    assertRefused(Code.ALREADY_EXISTS, "workflow 'first' already exists", () -> add(noop("first")));
  }

  @Test
  void refusesAnEmptyDocument() {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> add(""))
        .satisfies(e -> {
          assertThat(e.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
          assertThat(e.getStatus().getDescription()).startsWith("bad workflow definition: ");
        });
  }

  @Test
  void reportsEveryProblemOfABadFile() {
    // given
    String bad =
        """
        id: first
        states:
        - id: a
          type: noop
          transition: nowhere
        - id: b
          type: nop
        """;

    // when, then
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> add(bad))
        .satisfies(e -> {
          assertThat(e.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
          assertThat(e.getStatus().getDescription())
              .startsWith("bad workflow definition: line 5, column 15: ")
              .contains("\nline 7, column 9: ");
        });
  }

  @Test
  void saysHowManyProblemsDoNotFitIntoAStatus() {
    // given
    StringBuilder bad = new StringBuilder("id: first\nstates:\n");
    for (int i = 0; i < 500; i++) {
      bad.append("- id: s").append(i).append("\n  type: nöp\n");
    }

    // when, then
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> add(bad.toString()))
        .satisfies(e -> {
          assertThat(e.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
          assertThat(e.getStatus().getDescription())
              .startsWith("bad workflow definition: line 4, column 9: ")
              .matches("(?s).*\n… and [0-9]+ more$");
        });
  }

  @Test
  void refusesADefinitionInAnotherEncoding() {
    // given
    ByteString latin1 = ByteString.copyFrom(new byte[] {'i', 'd', ':', ' ', (byte) 0xe9, '\n'});

    // when, then
    assertRefused(
        Code.INVALID_ARGUMENT,
        "bad workflow definition: byte 5 is not UTF-8; save the file in that encoding",
        () ->
            server
                .ingress()
                .addWorkflow(
                    AddWorkflowRequest.newBuilder()
                        .setNamespace("demo")
                        .setWorkflow(latin1)
                        .build()));
  }

  @Test
  void refusesALongDescription() {
    String wordy =
        "id: first\ndescription: " + "x".repeat(1025) + "\nstates:\n- id: a\n  type: noop\n";
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(() -> add(wordy))
        .satisfies(e -> {
          assertThat(e.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
          assertThat(e.getStatus().getDescription())
              .contains("description is greater than max length of 1024 bytes");
        });
  }

  @Test
  void findsAWorkflowByItsIdAndByItsUid() {
    // given
    String uid = server.workflow("demo", noop("first"));

    // when
    GetWorkflowByIdResponse byId = byId("demo", "first");
    GetWorkflowByUidResponse byUid = byUid(uid);

    // then
    assertThat(byId.getUid()).isEqualTo(uid);
    assertThat(byId.getId()).isEqualTo("first");
    assertThat(byId.hasRevision()).isTrue();
    assertThat(byId.getActive()).isTrue();
    assertThat(byId.getDescription()).isEqualTo("does nothing");
    assertThat(byId.getWorkflow().toStringUtf8()).isEqualTo(noop("first"));
    assertThat(byId.hasLogToEvents()).isTrue();
    assertThat(byId.getLogToEvents()).isEmpty();
    assertThat(byUid.toByteString()).isEqualTo(byId.toByteString());
  }

  @Test
  void namesTheWorkflowThatDoesNotExist() {
    assertRefused(
        Code.NOT_FOUND, "workflow 'demo/nope' does not exist", () -> byId("demo", "nope"));
    assertRefused(Code.NOT_FOUND, "workflow '" + ABSENT + "' does not exist", () -> byUid(ABSENT));
  }

  @Test
  void raisesTheRevisionWithEachUpdateAndKeepsWhatIsLeftOut() {
    // given
    String uid =
        server
            .ingress()
            .addWorkflow(
                AddWorkflowRequest.newBuilder()
                    .setNamespace("demo")
                    .setActive(true)
                    .setLogToEvents("audit")
                    .setWorkflow(ByteString.copyFromUtf8(noop("first")))
                    .build())
            .getUid();

    // when
    UpdateWorkflowResponse updated =
        update(UpdateWorkflowRequest.newBuilder().setWorkflow(bytes(noop("first"))), uid);

    // then
    assertThat(updated.getRevision()).isEqualTo(1);
    assertThat(updated.getActive()).isTrue();
    assertThat(byUid(uid).getLogToEvents()).isEqualTo("audit");
  }

  @Test
  void disablesAWorkflowAndKeepsItsDefinition() {
    // given
    String uid = server.workflow("demo", noop("first"));

    // when
    UpdateWorkflowResponse updated =
        update(UpdateWorkflowRequest.newBuilder().setActive(false), uid);

    // then
    assertThat(updated.hasActive()).isTrue();
    assertThat(updated.getActive()).isFalse();
    assertThat(byUid(uid).getWorkflow().toStringUtf8()).isEqualTo(noop("first"));
  }

  @Test
  void renamesAWorkflowWhoseDefinitionHasAnotherId() {
    // given
    String uid = server.workflow("demo", noop("first"));

    // when
    UpdateWorkflowResponse renamed =
        update(UpdateWorkflowRequest.newBuilder().setWorkflow(bytes(noop("second"))), uid);

    // then
    assertThat(renamed.getId()).isEqualTo("second");
    assertThat(byId("demo", "second").getUid()).isEqualTo(uid);
    assertRefused(
        Code.NOT_FOUND, "workflow 'demo/first' does not exist", () -> byId("demo", "first"));
  }

  @Test
  void refusesToRenameToATakenId() {
    // given
    String uid = server.workflow("demo", noop("first"));
    server.workflow("demo", noop("second"));

    // when, then
    assertRefused(
        Code.ALREADY_EXISTS,
        "workflow 'second' already exists",
        () -> update(UpdateWorkflowRequest.newBuilder().setWorkflow(bytes(noop("second"))), uid));
  }

  @Test
  void refusesAnUpdateOfAnotherRevision() {
    // given
    String uid = server.workflow("demo", noop("first"));
    update(UpdateWorkflowRequest.newBuilder().setRevision(0).setActive(true), uid);

    // when, then
    assertRefused(
        Code.ALREADY_EXISTS,
        "workflow 'first' the workflow has already been updated",
        () -> update(UpdateWorkflowRequest.newBuilder().setRevision(0).setActive(false), uid));
  }

  @Test
  void refusesAnUpdateWithABadFile() {
    // given
    String uid = server.workflow("demo", noop("first"));

    // when, then
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () -> update(UpdateWorkflowRequest.newBuilder().setWorkflow(bytes("id: x")), uid))
        .satisfies(e -> {
          assertThat(e.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
          assertThat(e.getStatus().getDescription()).startsWith("bad workflow definition: ");
        });
    assertThat(byUid(uid).getRevision()).isZero();
  }

  @Test
  void refusesUpdatesOfAbsentAndMalformedUids() {
    assertRefused(
        Code.NOT_FOUND,
        "workflow '" + ABSENT + "' does not exist",
        () -> update(UpdateWorkflowRequest.newBuilder().setActive(true), ABSENT));
    assertRefused(
        Code.INVALID_ARGUMENT,
        "workflow uid must be a UUID, but it is 'first'",
        () -> update(UpdateWorkflowRequest.newBuilder().setActive(true), "first"));
  }

  @Test
  void listsWorkflowsByIdWithTheTotal() {
    // given
    server.workflow("demo", noop("gamma"));
    server.workflow("demo", noop("alpha"));
    server.workflow("demo", noop("beta"));

    // when
    GetWorkflowsResponse part =
        list(GetWorkflowsRequest.newBuilder().setNamespace("demo").setOffset(1).setLimit(1));

    // then
    assertThat(part.getWorkflowsList()).extracting(Workflow::getId).containsExactly("beta");
    assertThat(part.getTotal()).isEqualTo(3);
    assertThat(part.getOffset()).isEqualTo(1);
    assertThat(part.getLimit()).isEqualTo(1);
    Workflow beta = part.getWorkflows(0);
    assertThat(beta.hasUid() && beta.hasRevision() && beta.hasActive() && beta.hasCreatedAt())
        .isTrue();
    assertThat(beta.getDescription()).isEqualTo("does nothing");
    assertThat(beta.hasLogToEvents()).isTrue();
  }

  @Test
  void listsNothingOfAnAbsentNamespace() {
    // when
    GetWorkflowsResponse none = list(GetWorkflowsRequest.newBuilder().setNamespace("nope"));

    // then
    assertThat(none.getWorkflowsList()).isEmpty();
    assertThat(none.hasOffset() && none.hasLimit() && none.hasTotal()).isTrue();
  }

  @Test
  void refusesNegativePaging() {
    assertRefused(
        Code.INVALID_ARGUMENT,
        "limit must be 0 or more, but it is -1",
        () -> list(GetWorkflowsRequest.newBuilder().setNamespace("demo").setLimit(-1)));
  }

  @Test
  void deletesAWorkflowWithItsInstances() {
    // given
    String uid = server.workflow("demo", noop("first"));
    String instance = server.invoke("demo", "first", "{}");

    // when
    String deleted =
        server
            .ingress()
            .deleteWorkflow(DeleteWorkflowRequest.newBuilder().setUid(uid).build())
            .getUid();

    // then
    assertThat(deleted).isEqualTo(uid);
    assertRefused(
        Code.NOT_FOUND,
        "instance '" + instance + "' does not exist",
        () -> server.instance(instance));
    assertRefused(
        Code.NOT_FOUND,
        "workflow '" + uid + "' does not exist",
        () ->
            server
                .ingress()
                .deleteWorkflow(DeleteWorkflowRequest.newBuilder().setUid(uid).build()));
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private AddWorkflowResponse add(String yaml) {
    return add("demo", yaml);
  }

  private AddWorkflowResponse add(String namespace, String yaml) {
    return server
        .ingress()
        .addWorkflow(
            AddWorkflowRequest.newBuilder()
                .setNamespace(namespace)
                .setActive(true)
                .setWorkflow(bytes(yaml))
                .build());
  }

  private UpdateWorkflowResponse update(UpdateWorkflowRequest.Builder request, String uid) {
    return server.ingress().updateWorkflow(request.setUid(uid).build());
  }

  private GetWorkflowByIdResponse byId(String namespace, String id) {
    return server
        .ingress()
        .getWorkflowById(
            GetWorkflowByIdRequest.newBuilder().setNamespace(namespace).setId(id).build());
  }

  private GetWorkflowByUidResponse byUid(String uid) {
    return server
        .ingress()
        .getWorkflowByUid(GetWorkflowByUidRequest.newBuilder().setUid(uid).build());
  }

  private GetWorkflowsResponse list(GetWorkflowsRequest.Builder request) {
    return server.ingress().getWorkflows(request.build());
  }
}
