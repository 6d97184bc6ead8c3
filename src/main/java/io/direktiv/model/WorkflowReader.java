package io.direktiv.model;

import io.direktiv.model.read.ClassicReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Reads workflow definitions.
public final class WorkflowReader {
  private WorkflowReader() {}

  /// Reads a definition and reports every problem in document order.
  ///
  /// @param yaml the author's text, at most [Limits#WORKFLOW_BYTES_MAX]
  public static Reading read(String yaml) {
    return ClassicReader.read(yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml);
  }

  /// Reads a definition from the bytes of a file, which must be UTF-8.
  public static Reading read(byte[] yaml) {
    ByteBuffer in = ByteBuffer.wrap(yaml);
    CharBuffer out = CharBuffer.allocate(yaml.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (!result.isError()) {
      return read(out.flip().toString());
    }
    String before = out.flip().toString();
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    String last = before.substring(before.lastIndexOf('\n') + 1);
    Place place = new Place(line, last.codePointCount(0, last.length()) + 1);
    String message =
        String.format(
            "this is not UTF-8: the byte 0x%02X must not stand here; save the file as UTF-8",
            yaml[in.position()]);
    return new Reading(
        Optional.empty(), List.of(new Diagnostic(Diagnostic.Severity.ERROR, place, message)));
  }
}
