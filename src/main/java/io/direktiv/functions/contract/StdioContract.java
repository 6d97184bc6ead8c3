package io.direktiv.functions.contract;

import io.direktiv.engine.Codes;
import io.direktiv.engine.Outcome;
import io.direktiv.functions.Attendant;
import io.direktiv.functions.Exit;
import io.direktiv.functions.FunctionCall;
import io.direktiv.functions.Limits;
import io.direktiv.functions.Runtime.OutputLine;
import io.direktiv.functions.SandboxLimits;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// The contract of images that nobody wrote for us: the input is on stdin, stdout is the result and
/// stderr the log, of one call.
///
/// The result is the value of stdout when that is JSON; else it is a string, without the one line
/// feed that ends the last line, or Base64 when it is no UTF-8. A result that is too large ends the
/// sandbox at once, since it might never end by itself.
public final class StdioContract implements Attendant {
  private final FunctionCall call;
  private final CallLog log;
  private final Runnable stop;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private volatile boolean isTooLarge;

  /// @param stop ends the call's sandbox
  public StdioContract(FunctionCall call, CallLog log, Runnable stop) {
    this.call = call;
    this.log = log;
    this.stop = stop;
  }

  @Override
  public void line(OutputLine line) {
    log.line(line);
  }

  @Override
  public byte[] input() {
    return call.input().toBytes();
  }

  @Override
  public Optional<Bytes> stdout() {
    return Optional.of(this::take);
  }

  private void take(byte[] bytes, int offset, int count) {
    if (isTooLarge) {
      return;
    }
    if (out.size() + count > Limits.RESULT_BYTES_MAX) {
      isTooLarge = true;
      out.reset();
      stop.run();
      return;
    }
    out.write(bytes, offset, count);
  }

  /// What became of the call whose sandbox ended so.
  public Outcome outcome(Exit exit, SandboxLimits limits) {
    if (isTooLarge) {
      return Outcomes.failed(
          Codes.FUNCTION_OUTPUT,
          Outcomes.name(call)
              + " wrote more than "
              + Outcomes.size(Limits.RESULT_BYTES_MAX)
              + " to stdout, which is its result; let it write its log to stderr");
    }
    return exit.equals(new Exit.Exited(0))
        ? new Outcome.Returned(result(out.toByteArray()))
        : Outcomes.ended(call, exit, limits);
  }

  private static Json result(byte[] bytes) {
    try {
      return Json.parse(bytes);
    } catch (JsonException _) {
      return Json.of(text(bytes));
    }
  }

  private static String text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.replaceFirst("\\r?\\n\\z", "");
    } catch (CharacterCodingException _) {
      return Base64.getEncoder().encodeToString(bytes);
    }
  }
}
