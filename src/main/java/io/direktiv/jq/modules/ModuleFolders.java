package io.direktiv.jq.modules;

import io.direktiv.jq.Modules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Modules in folders, found as jq finds them.
///
/// `import "a/b"` is looked for as `a/b.jq`, `a/b/jq/main.jq` and `a/b/b.jq` in each folder of the
/// search path. An import may name its own folders with `{search: "./lib"}`: relative ones are
/// meant from the importing module, or from the query's folder; `$ORIGIN/…` is meant from the
/// origin.
public final class ModuleFolders implements Modules {
  /// The largest module in bytes.
  public static final long MODULE_BYTES_MAX = 16L << 20;

  private static final String ORIGIN = "$ORIGIN/";

  private final List<String> searchPath;
  private final Path here;
  private final Path origin;
  private final Path home;

  /// Looks in `searchPath`, whose relative folders are meant from `here`, where the query is.
  ///
  /// @param origin what `$ORIGIN` stands for
  public ModuleFolders(List<String> searchPath, Path here, Path origin) {
    this(searchPath, here, origin, null);
  }

  private ModuleFolders(List<String> searchPath, Path here, Path origin, Path home) {
    this.home = home;
    this.searchPath = List.copyOf(searchPath);
    this.here = here;
    this.origin = origin;
  }

  /// The same of a user whose home is `folder`: `~` stands for it, and every query includes what
  /// its file `.jq` defines.
  public ModuleFolders of(Path folder) {
    return new ModuleFolders(searchPath, here, origin, folder);
  }

  @Override
  public Optional<Module> included() {
    Path file = home == null ? null : home.resolve(".jq");
    return file != null && Files.isRegularFile(file) ? Optional.of(read(file)) : Optional.empty();
  }

  @Override
  public Optional<Origins> origins() {
    return Optional.of(new Origins(origin.toString(), here.toString()));
  }

  @Override
  public List<String> searchList() {
    return searchPath;
  }

  @Override
  public Optional<Module> find(Request request) {
    for (Path folder : folders(request)) {
      Path whole = folder.resolve(request.path());
      String name = whole.getFileName().toString();
      List<Path> places =
          List.of(
              folder.resolve(request.path() + request.suffix()),
              whole.resolve("jq").resolve("main" + request.suffix()),
              whole.resolve(name + request.suffix()));
      for (Path place : places) {
        if (Files.isRegularFile(place)) {
          return Optional.of(read(place));
        }
      }
    }
    return Optional.empty();
  }

  private List<Path> folders(Request request) {
    boolean isOwn = !request.search().isEmpty();
    List<Path> folders = new ArrayList<>();
    Path from = request.importer().isEmpty() ? here : Path.of(request.importer()).getParent();
    for (String each : isOwn ? request.search() : searchPath) {
      folders.add(folder(each, isOwn ? from : here));
    }
    if (!isOwn && !request.importer().isEmpty()) {
      folders.addFirst(from);
    }
    return folders;
  }

  private Path folder(String text, Path from) {
    if (text.startsWith(ORIGIN)) {
      return origin.resolve(text.substring(ORIGIN.length()));
    }
    if (text.equals("~") || text.startsWith("~/")) {
      Path user = home == null ? Path.of(System.getProperty("user.home")) : home;
      return user.resolve(text.substring(1).replaceFirst("^/", ""));
    }
    return from.resolve(text);
  }

  private static Module read(Path place) {
    try {
      if (Files.size(place) > MODULE_BYTES_MAX) {
        throw new IOException(
            "module " + place + " is larger than the limit of " + MODULE_BYTES_MAX + " bytes");
      }
      return new Module(place.toRealPath().toString(), Files.readString(place));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
