package io.direktiv.functions.docker;

import io.direktiv.functions.Sandbox;
import io.direktiv.functions.SandboxFile;
import io.direktiv.functions.archive.TarReader;
import io.direktiv.functions.archive.TarWriter;
import io.direktiv.functions.data.GivenFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The files of one container, which travel as archives. What it left may be hostile: nothing is
/// written to this machine, links are not followed, and never more is read than was asked for.
///
/// @param id the engine's name of the container
record ContainerFiles(EngineClient engine, String id, Sandbox sandbox) {
  /// Bytes of an archive beside what is wanted of it.
  private static final long HEADERS = 16L * TarWriter.BLOCK;

  /// Puts in what the sandbox finds.
  void put() throws IOException {
    byte[] tar = GivenFile.archive(Sandbox.DATA.substring(1), sandbox.filesIn());
    try (Answer answer = engine.send("PUT", "/containers/" + id + "/archive?path=%2F", tar)) {
      answer.requireSuccess();
    }
  }

  /// Reads what it left.
  Map<String, SandboxFile> left() throws IOException {
    try {
      return archive(Sandbox.DATA, Limits.FOLDER_BYTES_MAX, sandbox.filesOut(), "");
    } catch (TarReader.TooLongException _) {
      // A function that keeps a lot beside its result: ask for each file alone.
      Map<String, SandboxFile> files = new HashMap<>();
      for (Map.Entry<String, Integer> file : sandbox.filesOut().entrySet()) {
        files.putAll(one(file.getKey(), file.getValue()));
      }
      return files;
    }
  }

  private Map<String, SandboxFile> one(String path, int most) throws IOException {
    String bare = path.replaceFirst("/$", "");
    int slash = bare.lastIndexOf('/');
    try {
      return archive(
          Sandbox.DATA + "/" + bare,
          most + HEADERS,
          Map.of(path, most),
          slash < 0 ? "" : bare.substring(0, slash + 1));
    } catch (TarReader.TooLongException _) {
      return Map.of(path, new SandboxFile.TooLarge(most));
    }
  }

  /// Reads what is wanted out of the archive of `path`.
  ///
  /// @param above what stands before an archive's names in those of `wanted`; for the data folder,
  ///   whose own name its archive has, nothing
  private Map<String, SandboxFile> archive(
      String path, long bytesMax, Map<String, Integer> wanted, String above) throws IOException {
    String request = "/containers/" + id + "/archive?path=" + EngineClient.encode(path);
    boolean isDataFolder = path.equals(Sandbox.DATA);
    try (Answer answer = engine.open("GET", request, Limits.REQUEST_TIME)) {
      if (answer.status() == 404) {
        return Map.of();
      }
      TarReader tar = new TarReader(answer.requireSuccess().body(), bytesMax);
      Gathered gathered = new Gathered(wanted);
      for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        String name = entry.get().name();
        gathered.take(isDataFolder ? inFolder(name) : above + name, tar, entry.get());
      }
      return gathered.files();
    }
  }

  /// The name below the archive's one folder; empty for anything else.
  private static String inFolder(String name) {
    int slash = name.indexOf('/');
    return slash < 0 ? "" : name.substring(slash + 1);
  }

  /// What was found of the wanted files and folders.
  private static final class Gathered {
    private final Map<String, Integer> wanted;
    private final Map<String, SandboxFile> files = new HashMap<>();
    private final Map<String, Folder> folders = new HashMap<>();

    private Gathered(Map<String, Integer> wanted) {
      this.wanted = wanted;
    }

    private void take(String name, TarReader tar, TarReader.Entry entry) throws IOException {
      String bare = name.replaceFirst("/$", "");
      if (wanted.containsKey(bare)) {
        files.putIfAbsent(bare, file(tar, entry, wanted.get(bare)));
        return;
      }
      if (wanted.containsKey(bare + "/")) {
        begin(bare + "/", entry);
        return;
      }
      for (Map.Entry<String, Folder> folder : folders.entrySet()) {
        if (bare.startsWith(folder.getKey())) {
          folder.getValue().take(bare.substring(folder.getKey().length()), tar, entry);
        }
      }
    }

    private void begin(String path, TarReader.Entry entry) {
      if (entry.type() == '5') {
        folders.putIfAbsent(path, new Folder(wanted.get(path)));
      } else {
        files.putIfAbsent(path, new SandboxFile.NotAFile(entry.kind()));
      }
    }

    private static SandboxFile file(TarReader tar, TarReader.Entry entry, int most)
        throws IOException {
      if (!entry.isFile()) {
        return new SandboxFile.NotAFile(entry.kind());
      }
      return entry.size() > most
          ? new SandboxFile.TooLarge(most)
          : new SandboxFile.Content(tar.content(most));
    }

    private Map<String, SandboxFile> files() throws IOException {
      for (Map.Entry<String, Folder> folder : folders.entrySet()) {
        files.put(folder.getKey(), folder.getValue().end());
      }
      return files;
    }
  }

  /// A wanted folder, whose part of the archive is copied until it is too large.
  private static final class Folder {
    private final int most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarWriter copy = new TarWriter(bytes);
    private int entries;
    private boolean isTooLarge;

    private Folder(int most) {
      this.most = most;
    }

    private void take(String name, TarReader tar, TarReader.Entry entry) throws IOException {
      entries++;
      isTooLarge |= bytes.size() + TarWriter.size(entry.size()) > most;
      isTooLarge |= entries > Limits.FOLDER_ENTRIES_MAX;
      if (isTooLarge) {
        return;
      }
      int mode = entry.owner().mode();
      if (entry.type() == '5') {
        copy.folder(name, mode);
      } else if (entry.isFile()) {
        copy.file(name, mode, tar.content((int) entry.size()));
      } else {
        copy.bare(name, entry.type());
      }
    }

    private SandboxFile end() throws IOException {
      copy.close();
      return isTooLarge
          ? new SandboxFile.TooLarge(most)
          : new SandboxFile.Archive(bytes.toByteArray());
    }
  }
}
