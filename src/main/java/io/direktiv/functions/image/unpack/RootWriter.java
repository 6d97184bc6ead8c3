package io.direktiv.functions.image.unpack;

import io.direktiv.functions.archive.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Applies the layers of an image, lowest first, to one folder (OCI image specification, "Image
/// Layer Filesystem Changeset").
///
/// The idea: the last part of an entry's path is never followed, only replaced; all parts before it
/// are looked at one by one by [Paths]. Folders keep a mode that lets this process write until
/// [#finish] gives them their own. The folder's way to here must be closed to everybody else while
/// this runs.
///
/// Not made: devices, and named pipes, which a sandbox gets from its runtime. Below `/dev` they are
/// passed over, since runtimes mount their own there; elsewhere a device refuses the layer: one of
/// a disk would be the disk, and one of number 0:0 is what overlays take for a deletion. Extended
/// attributes are left out, so a layer brings no capabilities and no marks of overlays.
public final class RootWriter {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final String AUFS = ".wh..wh.";
  private static final int PARENTS_MAX = 4_096;
  private static final FileAttribute<?> PRIVATE_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final TarReader.Owner PLAIN_FOLDER = new TarReader.Owner(0, 0, 0755, 0);

  private final Path root;
  private final Paths paths;
  private final Owners owners;
  private final UnpackLimits limits;
  private final Consumer<String> notes;
  private final byte[] buffer = new byte[Limits.BUFFER_BYTES];

  /// Every folder that is there, with whom it will belong to.
  private final Map<Path, TarReader.Owner> folders = new HashMap<>();

  /// Parents that were found already; emptied when anything but a file is removed.
  private final Map<List<String>, Path> parents = new HashMap<>();

  /// What the layer under way brought, when there is one below it.
  private final Set<Path> fresh = new HashSet<>();

  private int layers;
  private long bytes;
  private long bytesRead;
  private int entries;

  /// A writer into `root`, an empty folder.
  ///
  /// @param notes receives a sentence for each kind of thing that was left out
  public RootWriter(Path root, Owners owners, UnpackLimits limits, Consumer<String> notes) {
    this.root = root;
    this.paths = new Paths(root);
    this.owners = owners;
    this.limits = limits;
    this.notes = notes;
    folders.put(root, PLAIN_FOLDER);
  }

  /// What the files take on the disk, in bytes.
  public long bytes() {
    return bytes;
  }

  /// How many files, folders and links the layers had.
  public int entries() {
    return entries;
  }

  /// Applies the next layer, an archive that is not compressed, and reads it to its end.
  ///
  /// @throws BadLayerException when it is hostile or broken
  /// @throws TooLargeException when the image becomes too large
  public void layer(InputStream archive) throws IOException {
    fresh.clear();
    long left = limits.bytesMax() - bytesRead;
    TarReader tar = new TarReader(archive, left);
    try {
      for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        count(entry.get());
        apply(tar, entry.get());
      }
      bytesRead += tar.position() + drain(archive, left - tar.position());
    } catch (TarReader.TooLongException _) {
      throw tooManyBytes();
    }
    layers++;
  }

  private void count(TarReader.Entry entry) throws TooLargeException {
    entries++;
    if (entries > limits.entriesMax()) {
      throw new TooLargeException("has more than " + limits.entriesMax() + " files and folders");
    }
    long blocks = Math.max(1, Math.ceilDiv(entry.size(), Limits.BLOCK_BYTES));
    if (blocks > (limits.bytesMax() - bytes) / Limits.BLOCK_BYTES) {
      throw tooManyBytes();
    }
    bytes += blocks * Limits.BLOCK_BYTES;
  }

  private TooLargeException tooManyBytes() {
    return new TooLargeException("is larger than " + limits.bytesMax() + " bytes unpacked");
  }

  /// What follows an archive belongs to the layer's digest too.
  private long drain(InputStream archive, long most) throws IOException {
    long drained = 0;
    for (int got = archive.read(buffer); got >= 0; got = archive.read(buffer)) {
      drained += got;
      if (drained > most) {
        throw tooManyBytes();
      }
    }
    return drained;
  }

  private void apply(TarReader tar, TarReader.Entry entry) throws IOException {
    if (entry.name().indexOf('\ufffd') >= 0) {
      notes.accept("a file was left out, since its name is not UTF-8");
      return;
    }
    List<String> parts = Paths.parts(entry.name());
    if (parts.isEmpty()) {
      applyToRoot(entry);
      return;
    }
    List<String> parent = parts.subList(0, parts.size() - 1);
    String name = parts.getLast();
    if (name.startsWith(WHITEOUT)) {
      whiteout(parent, name);
      return;
    }
    if (!isMade(parts, entry)) {
      return;
    }
    Path path = Paths.below(parent(parent), name);
    remember(path);
    boolean isFolder = entry.type() == '5' || (entry.isFile() && entry.name().endsWith("/"));
    if (isFolder) {
      folder(path, entry.owner());
    } else if (entry.isFile()) {
      file(path, tar, entry);
    } else if (entry.type() == '1') {
      hardLink(path, entry);
    } else if (entry.type() == '2') {
      link(path, entry);
    } else {
      throw new BadLayerException("has " + entry.kind() + ", " + quoted(entry.name()));
    }
  }

  private void applyToRoot(TarReader.Entry entry) throws BadLayerException {
    if (entry.type() != '5') {
      throw new BadLayerException("has " + entry.kind() + " in place of its root");
    }
    folders.put(root, entry.owner());
  }

  /// False for what is left out.
  private boolean isMade(List<String> parts, TarReader.Entry entry) throws BadLayerException {
    boolean isDevice = entry.type() == '3' || entry.type() == '4';
    if (entry.type() == '6') {
      notes.accept("a named pipe was left out");
      return false;
    }
    if (isDevice && !parts.getFirst().equals("dev")) {
      throw new BadLayerException(
          "has a device, " + quoted(entry.name()) + ", outside of the folder dev");
    }
    return !isDevice;
  }

  // ---- what an entry makes ----

  private void folder(Path path, TarReader.Owner owner) throws IOException {
    Optional<BasicFileAttributes> found = Paths.look(path);
    if (found.isEmpty() || !found.get().isDirectory()) {
      remove(path, found);
      Files.createDirectory(path, PRIVATE_FOLDER);
    }
    folders.put(path, owner);
  }

  private void file(Path path, TarReader tar, TarReader.Entry entry) throws IOException {
    remove(path, Paths.look(path));
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (SeekableByteChannel out = Files.newByteChannel(path, fresh, PRIVATE_FILE)) {
      for (int got = tar.read(buffer); got >= 0; got = tar.read(buffer)) {
        ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, got);
        while (chunk.hasRemaining()) {
          out.write(chunk);
        }
      }
    }
    owners.applyToFile(path, entry.owner());
  }

  private void hardLink(Path path, TarReader.Entry entry) throws IOException {
    List<String> target = Paths.parts(entry.link());
    Optional<Path> folder =
        target.isEmpty() ? Optional.empty() : paths.folder(target.subList(0, target.size() - 1));
    Optional<Path> file =
        folder.isEmpty()
            ? Optional.empty()
            : Optional.of(Paths.below(folder.get(), target.getLast()));
    Optional<BasicFileAttributes> found =
        file.isEmpty() ? Optional.empty() : Paths.look(file.get());
    boolean isFile = found.isPresent() && !found.get().isDirectory();
    // In place of a folder above its target it would remove that first.
    boolean isAbove = isFile && !file.get().equals(path) && file.get().startsWith(path);
    if (!isFile || isAbove) {
      throw new BadLayerException(
          "has the hard link "
              + quoted(entry.name())
              + " to "
              + quoted(entry.link())
              + ", which is no file of it");
    }
    if (!file.get().equals(path)) {
      remove(path, Paths.look(path));
      Files.createLink(path, file.get());
    }
  }

  private void link(Path path, TarReader.Entry entry) throws IOException {
    String target = entry.link();
    int length = target.getBytes(StandardCharsets.UTF_8).length;
    if (target.isEmpty() || length > Limits.LINK_BYTES_MAX || target.indexOf('\0') >= 0) {
      throw new BadLayerException("has the link " + quoted(entry.name()) + " to nothing usable");
    }
    remove(path, Paths.look(path));
    Files.createSymbolicLink(path, Paths.below(path.getFileSystem().getPath(""), target));
    owners.applyToLink(path, entry.owner());
  }

  private Path parent(List<String> parts) throws IOException {
    Path known = parents.get(parts);
    if (known != null) {
      return known;
    }
    Path found =
        paths.folder(
            parts,
            folder -> {
              Files.createDirectory(folder, PRIVATE_FOLDER);
              folders.put(folder, PLAIN_FOLDER);
            });
    if (parents.size() >= PARENTS_MAX) {
      parents.clear();
    }
    parents.put(List.copyOf(parts), found);
    return found;
  }

  /// Notes that the layer under way brought `path`, and so wants the folders above it kept.
  private void remember(Path path) {
    if (layers == 0) {
      return;
    }
    for (Path at = path; !at.equals(root) && fresh.add(at); at = at.getParent()) {
      // The condition does the work.
    }
  }

  // ---- what an entry takes away ----

  private void whiteout(List<String> parent, String name) throws IOException {
    String victim = name.substring(WHITEOUT.length());
    if (victim.isEmpty() || victim.equals(".") || victim.equals("..")) {
      throw new BadLayerException("has the deletion " + quoted(name) + ", which deletes no file");
    }
    boolean isForAufs = name.startsWith(AUFS) && !name.equals(OPAQUE);
    Optional<Path> folder = layers == 0 || isForAufs ? Optional.empty() : paths.folder(parent);
    if (folder.isPresent()) {
      clear(name.equals(OPAQUE) ? folder.get() : Paths.below(folder.get(), victim), folder.get());
    }
  }

  /// Removes what lower layers brought to `start` and below it, but not `kept`.
  private void clear(Path start, Path kept) throws IOException {
    if (Paths.look(start).isEmpty()) {
      return;
    }
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (path.equals(kept) || fresh.contains(path)) {
              return FileVisitResult.CONTINUE;
            }
            remove(path, Optional.of(attributes));
            return FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (!fresh.contains(path)) {
              remove(path, Optional.of(attributes));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void remove(Path path, Optional<BasicFileAttributes> found) throws IOException {
    if (found.isEmpty()) {
      return;
    }
    if (found.get().isRegularFile()) {
      Files.delete(path);
      return;
    }
    parents.clear();
    Trees.delete(path, folders::remove);
  }

  // ---- the end ----

  /// Gives the folders to their owners. Nothing can be applied afterwards.
  public void finish() throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult postVisitDirectory(Path path, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            owners.applyToFolder(path, folders.getOrDefault(path, PLAIN_FOLDER));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static String quoted(String text) {
    return '"' + Paths.shown(text) + '"';
  }
}
