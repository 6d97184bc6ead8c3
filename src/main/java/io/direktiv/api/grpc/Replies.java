package io.direktiv.api.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.direktiv.engine.InstanceId;
import io.direktiv.json.Json;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Supplier;

/// What all methods of this door do alike: answer once, and turn values into those of the wire and
/// back.
final class Replies {
  private Replies() {}

  /// Answers with what `work` makes, or with the status of what it throws.
  static <A> void answer(StreamObserver<A> caller, Supplier<A> work) {
    A answer;
    try {
      answer = work.get();
    } catch (RuntimeException e) {
      caller.onError(Statuses.of(e));
      return;
    }
    caller.onNext(answer);
    caller.onCompleted();
  }

  static Timestamp time(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }

  static ByteString compact(Json value) {
    return ByteString.copyFromUtf8(value.toString());
  }

  /// The text of a definition.
  ///
  /// @throws io.grpc.StatusRuntimeException when the bytes are no UTF-8
  static String definition(ByteString bytes) {
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(buffer)
          .toString();
    } catch (CharacterCodingException _) {
      throw Statuses.invalid(
          "bad workflow definition: byte "
              + (buffer.position() + 1)
              + " is not UTF-8; save the file in that encoding");
    }
  }

  /// The instance that `text` names.
  ///
  /// @throws io.grpc.StatusRuntimeException when it has another shape, so that there is none
  static InstanceId instance(String text) {
    return InstanceId.parse(text)
        .orElseThrow(() ->
            Status.NOT_FOUND
                .withDescription(Statuses.shortened("instance '" + text + "' does not exist"))
                .asRuntimeException());
  }

  /// `count`, or the largest number of the wire when it is larger.
  static int clamped(long count) {
    return (int) Math.min(count, Integer.MAX_VALUE);
  }
}
