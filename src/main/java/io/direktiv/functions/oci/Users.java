package io.direktiv.functions.oci;

import io.direktiv.engine.Codes;
import io.direktiv.functions.SandboxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// Finds the numbers of an image's user in the image's own `/etc/passwd` and `/etc/group`.
///
/// The image may be hostile: a link where these files should be would lead to this machine's, so
/// links are not followed, and no more than [#BYTES_MAX] is read.
final class Users {
  private static final int BYTES_MAX = 1 << 20;
  private static final long ID_MAX = 65_535;

  private Users() {}

  /// The user and the group that a process runs as, in the sandbox's own numbers.
  record Ids(int user, int group) {}

  /// @param wanted `user`, `user:group`, by name or number; empty for root
  static Ids find(Path root, String wanted) throws SandboxException {
    if (wanted.isEmpty()) {
      return new Ids(0, 0);
    }
    int colon = wanted.indexOf(':');
    String user = colon < 0 ? wanted : wanted.substring(0, colon);
    Optional<String[]> entry = entry(root, "etc/passwd", user, 4);
    int userId = id(entry.map(fields -> fields[2]).orElse(user), wanted);
    if (colon < 0) {
      return new Ids(userId, entry.isPresent() ? id(entry.get()[3], wanted) : 0);
    }
    String group = wanted.substring(colon + 1);
    Optional<String[]> groupEntry = entry(root, "etc/group", group, 3);
    return new Ids(userId, id(groupEntry.map(fields -> fields[2]).orElse(group), wanted));
  }

  private static int id(String text, String wanted) throws SandboxException {
    if (text.matches("[0-9]{1,9}") && Long.parseLong(text) <= ID_MAX) {
      return Integer.parseInt(text);
    }
    throw new SandboxException(
        Codes.FUNCTION_IMAGE,
        "its user \""
            + wanted
            + "\" is neither a number up to "
            + ID_MAX
            + " nor a name in the image's /etc/passwd and /etc/group");
  }

  /// The fields of the line whose name or number is `wanted`.
  private static Optional<String[]> entry(Path root, String file, String wanted, int fields) {
    return lines(root, file).stream()
        .map(line -> line.split(":"))
        .filter(parts -> parts.length >= fields)
        .filter(parts -> parts[0].equals(wanted) || parts[2].equals(wanted))
        .findFirst();
  }

  private static List<String> lines(Path root, String file) {
    Path path = root.resolve(file);
    if (!Files.isDirectory(path.getParent(), LinkOption.NOFOLLOW_LINKS)
        || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (InputStream in =
        Files.newInputStream(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException _) {
      return List.of();
    }
  }
}
