package io.direktiv.functions.image.unpack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Finds places below a root as a process would whose root it is: a link to `/etc` leads to the
/// root's `etc`, and `..` of the root is the root. What is returned never leads out of the root, as
/// long as nobody else changes it meanwhile.
///
/// Every part of a path is looked at without following it, and a link is followed by hand. So it
/// does not matter what the links of an image say, whether they point up, are absolute, go round in
/// circles, or differ in case from what a file system keeps.
public final class Paths {
  private static final int LINKS_MAX = 40;

  private final Path root;

  /// Paths below `root`, a folder.
  public Paths(Path root) {
    this.root = root;
  }

  /// The parts of an entry's name, without empty ones and `.`; a leading `/` means the root.
  ///
  /// @throws BadLayerException when a part is `..`, or the name is too long or too deep
  static List<String> parts(String name) throws BadLayerException {
    List<String> parts = new ArrayList<>();
    int bytes = 0;
    for (String part : name.split("/")) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      int length = part.getBytes(StandardCharsets.UTF_8).length;
      bytes += length + 1;
      if (part.equals("..") || part.indexOf('\0') >= 0) {
        throw new BadLayerException("has the path \"" + shown(name) + "\", which leads elsewhere");
      }
      if (length > Limits.NAME_BYTES_MAX) {
        throw new BadLayerException("has a name of more than 255 bytes: \"" + shown(name) + "\"");
      }
      parts.add(part);
    }
    requireShort(bytes, parts.size(), name);
    return parts;
  }

  private static void requireShort(int bytes, int depth, String name) throws BadLayerException {
    if (bytes > Limits.PATH_BYTES_MAX || depth > Limits.DEPTH_MAX) {
      throw new BadLayerException(
          "has a path of more than "
              + Limits.PATH_BYTES_MAX
              + " bytes or "
              + Limits.DEPTH_MAX
              + " folders: \""
              + shown(name)
              + "\"");
    }
  }

  /// Makes the folders that are missing on the way.
  interface Maker {
    /// Makes `folder`, whose parent is there.
    void make(Path folder) throws IOException;
  }

  /// The folder that `parts` lead to.
  ///
  /// @param maker makes what is missing
  /// @throws BadLayerException when the way goes through something that is no folder, or in circles
  Path folder(List<String> parts, Maker maker) throws IOException {
    return walk(parts, maker).orElseThrow();
  }

  /// The folder that `parts` lead to; empty when it is not there.
  Optional<Path> folder(List<String> parts) throws IOException {
    return walk(parts, null);
  }

  /// The file or folder that the text `path` leads to, through links; empty when there is none.
  ///
  /// @throws BadLayerException when the way goes in circles
  public Optional<Path> find(String path) throws IOException {
    Deque<String> todo = new ArrayDeque<>();
    push(todo, path);
    return walk(todo, null, true);
  }

  private Optional<Path> walk(List<String> parts, Maker maker) throws IOException {
    return walk(new ArrayDeque<>(parts), maker, false);
  }

  private Optional<Path> walk(Deque<String> todo, Maker maker, boolean mayBeFile)
      throws IOException {
    Path current = root;
    int links = 0;
    while (!todo.isEmpty()) {
      String part = todo.pop();
      if (part.equals("..")) {
        current = current.equals(root) ? root : current.getParent();
        continue;
      }
      Path next = below(current, part);
      Optional<BasicFileAttributes> found = look(next);
      if (found.isEmpty()) {
        if (maker == null) {
          return Optional.empty();
        }
        requireShort(relative(next));
        maker.make(next);
        current = next;
      } else if (found.get().isDirectory()) {
        current = next;
      } else if (found.get().isSymbolicLink()) {
        links++;
        requireFew(links, next);
        String target = Files.readSymbolicLink(next).toString();
        current = target.startsWith("/") ? root : current;
        push(todo, target);
      } else if (mayBeFile && todo.isEmpty()) {
        current = next;
      } else if (maker == null) {
        return Optional.empty();
      } else {
        throw new BadLayerException("goes through \"" + relative(next) + "\", which is no folder");
      }
    }
    return Optional.of(current);
  }

  private Path relative(Path path) {
    return root.relativize(path);
  }

  private static void requireShort(Path made) throws BadLayerException {
    String text = made.toString();
    requireShort(text.getBytes(StandardCharsets.UTF_8).length, made.getNameCount(), text);
  }

  private void requireFew(int links, Path at) throws BadLayerException {
    if (links > LINKS_MAX) {
      throw new BadLayerException(
          "goes through more than " + LINKS_MAX + " links, last \"" + relative(at) + "\"");
    }
  }

  private static void push(Deque<String> todo, String target) {
    String[] parts = target.split("/");
    for (int i = parts.length - 1; i >= 0; i--) {
      if (!parts[i].isEmpty() && !parts[i].equals(".")) {
        todo.push(parts[i]);
      }
    }
  }

  /// `name` in `folder`.
  static Path below(Path folder, String name) throws BadLayerException {
    try {
      return folder.resolve(name);
    } catch (InvalidPathException _) {
      throw new BadLayerException(
          "has the name \"" + shown(name) + "\", which this machine's locale cannot write");
    }
  }

  /// What is at `path` itself, be it a link or not.
  static Optional<BasicFileAttributes> look(Path path) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  static String shown(String name) {
    return name.length() <= 80 ? name : name.substring(0, 80) + "…";
  }
}
