package io.direktiv.functions.data;

import io.direktiv.engine.Codes;
import io.direktiv.functions.FunctionVariables;
import io.direktiv.functions.archive.TarReader;
import io.direktiv.model.FunctionDefinition.FileType;
import io.direktiv.model.FunctionDefinition.FunctionFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// The files that a function finds instead of variables (reference 1.4), and the folders in which
/// it may leave variables.
///
/// A variable that is not there is an empty file, or an empty folder where it would be an archive.
/// What archives hold comes from whoever wrote the variable: no path leaves its folder, and links
/// and devices are refused.
public final class VariableFiles {
  private static final int ANY_RUN = 0111;
  private static final int PATH_BYTES_MAX = 2_000;
  private static final int NAME_BYTES_MAX = 255;

  /// The folders in which a function may leave variables.
  private static final Map<String, GivenFile> LEAVING =
      Map.of(
          "out/", new GivenFile.Folder(),
          "out/instance/", new GivenFile.Folder(),
          "out/workflow/", new GivenFile.Folder(),
          "out/namespace/", new GivenFile.Folder());

  private final Map<String, GivenFile> files = new HashMap<>();
  private long bytes;

  private VariableFiles() {}

  /// The files that `wanted` come to.
  ///
  /// @throws VariableException when a variable is not what its type says, or all are too large
  public static Map<String, GivenFile> of(List<FunctionFile> wanted, FunctionVariables variables)
      throws VariableException {
    VariableFiles all = new VariableFiles();
    all.files.putAll(LEAVING);
    for (FunctionFile file : wanted) {
      byte[] value = variables.read(file.scope(), file.key()).orElse(new byte[0]);
      try {
        all.add(file, value);
      } catch (BadException e) {
        throw new VariableException(Codes.FUNCTION_IO, name(file) + " " + e.getMessage());
      }
    }
    return all.files;
  }

  private static String name(FunctionFile file) {
    return "variable \"" + file.key() + "\" of scope " + file.scope().word();
  }

  /// A variable that is not as it should be; the message goes on after its name.
  private static final class BadException extends Exception {
    private static final long serialVersionUID = 1L;

    private BadException(String message) {
      super(message);
    }
  }

  private void add(FunctionFile file, byte[] value) throws BadException {
    switch (file.type()) {
      case PLAIN -> file(file.as(), value, false);
      case BASE64 -> file(file.as(), decoded(value), false);
      case TAR, TAR_GZ -> {
        folder(file.as());
        if (value.length > 0) {
          unpack(file, value);
        }
      }
    }
  }

  private static byte[] decoded(byte[] text) throws BadException {
    byte[] digits = new byte[text.length];
    int count = 0;
    for (byte b : text) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        digits[count++] = b;
      }
    }
    try {
      return Base64.getDecoder().decode(Arrays.copyOf(digits, count));
    } catch (IllegalArgumentException _) {
      throw new BadException("is no Base64; store it so, or give the file the type plain");
    }
  }

  private void unpack(FunctionFile file, byte[] value) throws BadException {
    boolean isPacked = file.type() == FileType.TAR_GZ;
    try (InputStream in = opened(value, isPacked)) {
      TarReader tar = new TarReader(in, 2L * Limits.GIVEN_BYTES_MAX);
      for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        unpack(file.as(), tar, entry.get());
      }
    } catch (TarReader.TooLongException _) {
      throw tooLarge();
    } catch (IOException e) {
      throw new BadException("is no archive of type " + file.type().word() + ": " + e.getMessage());
    }
  }

  private static InputStream opened(byte[] value, boolean isPacked) throws IOException {
    InputStream in = new ByteArrayInputStream(value);
    return isPacked ? new GZIPInputStream(in, 64 << 10) : in;
  }

  private void unpack(String folder, TarReader tar, TarReader.Entry entry)
      throws BadException, IOException {
    Optional<String> name = below(entry.name());
    if (name.isEmpty()) {
      throw new BadException("is an archive with a path that leaves its folder or is too long");
    }
    if (name.get().isEmpty()) {
      return;
    }
    String path = folder + "/" + name.get();
    if (entry.type() == '5') {
      folder(path);
      return;
    }
    if (!entry.isFile()) {
      throw new BadException(
          "is an archive with "
              + entry.kind()
              + ", and only files and folders may be in it; pack what a link leads to");
    }
    if (entry.size() > Limits.GIVEN_BYTES_MAX - bytes) {
      throw tooLarge();
    }
    boolean isExecutable = (entry.owner().mode() & ANY_RUN) != 0;
    file(path, tar.content((int) entry.size()), isExecutable);
  }

  /// The name without what means nothing; empty when it leads out, or is too long.
  private static Optional<String> below(String name) {
    if (name.startsWith("/") || name.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (String part : name.split("/")) {
      if (part.equals("..")) {
        return Optional.empty();
      }
      if (!part.isEmpty() && !part.equals(".")) {
        names.add(part);
      }
      if (bytes(part) > NAME_BYTES_MAX) {
        return Optional.empty();
      }
    }
    String path = String.join("/", names);
    return bytes(path) > PATH_BYTES_MAX ? Optional.empty() : Optional.of(path);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private void file(String path, byte[] content, boolean isExecutable) throws BadException {
    bytes += content.length;
    if (bytes > Limits.GIVEN_BYTES_MAX) {
      throw tooLarge();
    }
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      folder(path.substring(0, slash));
    }
    if (files.containsKey(path + "/")) {
      throw taken(path);
    }
    put(path, new GivenFile.Content(content, isExecutable));
  }

  /// A folder with all above it.
  private void folder(String path) throws BadException {
    String each = path + "/";
    for (int end = each.indexOf('/'); end > 0; end = each.indexOf('/', end + 1)) {
      if (files.containsKey(each.substring(0, end))) {
        throw taken(each.substring(0, end));
      }
      put(each.substring(0, end + 1), new GivenFile.Folder());
    }
  }

  private void put(String path, GivenFile file) throws BadException {
    files.put(path, file);
    if (files.size() > Limits.ENTRIES_MAX) {
      throw new BadException("has more than " + Limits.ENTRIES_MAX + " files and folders");
    }
  }

  private static BadException tooLarge() {
    return new BadException(
        "makes the files of the function larger than "
            + (Limits.GIVEN_BYTES_MAX >> 20)
            + " MiB in all; pass on less");
  }

  private static BadException taken(String path) {
    return new BadException(
        "belongs at \"" + path + "\", where another file or folder of the function is");
  }
}
