package io.direktiv.functions.data;

import io.direktiv.engine.Codes;
import io.direktiv.engine.Effect;
import io.direktiv.functions.FunctionVariables;
import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.archive.TarReader;
import io.direktiv.functions.archive.TarWriter;
import io.direktiv.model.Names;
import io.direktiv.model.VariableScope;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// The variables that a function left (reference 1.4): each file in `out/SCOPE/` is one that is
/// called like it, and each folder there one with the folder's content as `tar.gz`, so that the
/// type `tar.gz` makes the same folder of it. An empty file deletes the variable.
///
/// A function may leave all of its variables or none: one that cannot be read fails the call.
public final class LeftVariables {
  private static final String FILE_TYPE = "application/octet-stream";
  private static final String FOLDER_TYPE = "application/gzip";
  private static final Map<String, Integer> WANTED = wanted();

  private final VariableScope scope;
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, Packed> folders = new LinkedHashMap<>();

  private LeftVariables(VariableScope scope) {
    this.scope = scope;
  }

  private static Map<String, Integer> wanted() {
    Map<String, Integer> wanted = new LinkedHashMap<>();
    for (VariableScope scope : VariableScope.values()) {
      wanted.put(folder(scope), Limits.LEFT_BYTES_MAX);
    }
    return wanted;
  }

  private static String folder(VariableScope scope) {
    return "out/" + scope.word() + "/";
  }

  /// What is to be brought back from the data folder, with the most bytes of each.
  public static Map<String, Integer> paths() {
    return Map.copyOf(WANTED);
  }

  /// The variables in what a sandbox left.
  ///
  /// @throws VariableException when something there is no variable, or too large for one
  public static List<Effect.SetVariable> of(Map<String, SandboxFile> left)
      throws VariableException {
    List<Effect.SetVariable> all = new ArrayList<>();
    for (VariableScope scope : VariableScope.values()) {
      SandboxFile found = left.get(folder(scope));
      if (found != null) {
        all.addAll(new LeftVariables(scope).read(found));
      }
    }
    if (all.size() > Limits.LEFT_MAX) {
      throw new VariableException(
          Codes.FUNCTION_OUTPUT,
          "it left "
              + all.size()
              + " variables, and a call may leave "
              + Limits.LEFT_MAX
              + "; leave a folder, which is one");
    }
    return all;
  }

  private List<Effect.SetVariable> read(SandboxFile found) throws VariableException {
    return switch (found) {
      case SandboxFile.Archive(byte[] tar) -> read(tar);
      case SandboxFile.NotAFile(String kind) -> throw unreadable("", kind);
      case SandboxFile.Content _ -> throw unreadable("", "a file");
      case SandboxFile.TooLarge(long limit) ->
          throw new VariableException(
              Codes.FUNCTION_OUTPUT,
              "it left more than "
                  + (limit >> 20)
                  + " MiB or "
                  + Limits.ENTRIES_MAX
                  + " files in "
                  + path("")
                  + ", which are to be variables");
    };
  }

  private VariableException unreadable(String name, String kind) {
    return new VariableException(
        Codes.FUNCTION_IO,
        "it left "
            + kind
            + " at "
            + path(name)
            + ", where variables are left as files and folders");
  }

  private String path(String name) {
    String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
    return Sandbox.DATA + "/" + folder(scope) + shown;
  }

  /// A folder that is packed while it is read.
  private record Packed(ByteArrayOutputStream bytes, TarWriter tar) {
    static Packed begin() throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      return new Packed(bytes, new TarWriter(new GZIPOutputStream(bytes)));
    }
  }

  private List<Effect.SetVariable> read(byte[] archive) throws VariableException {
    try {
      TarReader tar = new TarReader(new ByteArrayInputStream(archive), archive.length);
      for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        take(tar, entry.get());
      }
      for (Map.Entry<String, Packed> folder : folders.entrySet()) {
        folder.getValue().tar().close();
      }
    } catch (IOException e) {
      throw new VariableException(
          Codes.FUNCTION_IO, "what it left in " + path("") + " cannot be read: " + e.getMessage());
    }
    List<Effect.SetVariable> variables = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      variables.add(variable(file.getKey(), file.getValue(), FILE_TYPE));
    }
    for (Map.Entry<String, Packed> folder : folders.entrySet()) {
      byte[] packed = folder.getValue().bytes().toByteArray();
      variables.add(variable(folder.getKey(), packed, FOLDER_TYPE));
    }
    return variables;
  }

  private void take(TarReader tar, TarReader.Entry entry) throws IOException, VariableException {
    String name = entry.name().replaceFirst("/$", "");
    boolean isFolder = entry.type() == '5';
    if (!isFolder && !entry.isFile()) {
      throw unreadable(name, entry.kind());
    }
    int slash = name.indexOf('/');
    String key = slash < 0 ? name : name.substring(0, slash);
    if (!Names.VARIABLE.matcher(key).matches()) {
      throw new VariableException(
          Codes.FUNCTION_IO,
          "it left "
              + path(key)
              + ", but the key of a variable must match regex: "
              + Names.VARIABLE.pattern());
    }
    if (slash < 0 && !isFolder) {
      files.put(key, tar.content(Limits.LEFT_BYTES_MAX));
      return;
    }
    if (!folders.containsKey(key)) {
      folders.put(key, Packed.begin());
    }
    TarWriter packed = folders.get(key).tar();
    if (slash > 0 && isFolder) {
      packed.folder(name.substring(slash + 1), GivenFile.FOLDER_MODE);
    } else if (slash > 0) {
      packed.file(
          name.substring(slash + 1),
          entry.owner().mode() & 0777,
          tar.content(Limits.LEFT_BYTES_MAX));
    }
  }

  private Effect.SetVariable variable(String key, byte[] bytes, String type)
      throws VariableException {
    if (bytes.length > FunctionVariables.BYTES_MAX) {
      throw new VariableException(
          Codes.FUNCTION_OUTPUT,
          "it left more than "
              + (FunctionVariables.BYTES_MAX >> 20)
              + " MiB at "
              + path(key)
              + ", which no variable may have");
    }
    Optional<byte[]> value = bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
    return new Effect.SetVariable(scope, key, value, type);
  }
}
