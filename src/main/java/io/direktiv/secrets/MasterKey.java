package io.direktiv.secrets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The key that wraps the keys of namespaces. Redacts itself.
///
/// It comes from the environment or from a file outside the data folder that only its owner may
/// read, so a copied data folder alone decrypts nothing.
public final class MasterKey {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final SecretKey key;

  private MasterKey(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  /// The key in `text`, which is 32 bytes in base64.
  ///
  /// @throws VaultException when it is something else
  public static MasterKey ofText(String text, String from) {
    try {
      byte[] key = Base64.getDecoder().decode(text.strip());
      if (key.length == Limits.KEY_BYTES) {
        return new MasterKey(key);
      }
    } catch (IllegalArgumentException _) {
      // Reported below, as a key of another length is.
    }
    throw new VaultException(
        "DK0006: "
            + from
            + " must hold 32 random bytes in base64 (make one with: openssl rand -base64 32)",
        null);
  }

  /// A key that nobody keeps, for a run without a store.
  public static MasterKey random() {
    byte[] key = new byte[Limits.KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return new MasterKey(key);
  }

  /// The key in `environment` when that is set, else in `file`, which is made when it is absent.
  ///
  /// @throws VaultException in one sentence when there is no usable key
  public static MasterKey load(Optional<String> environment, Path file) {
    if (environment.isPresent()) {
      return ofText(environment.get(), "DIREKTIV_MASTER_KEY");
    }
    try {
      create(file);
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (!OWNER_ONLY.containsAll(permissions)) {
        throw new VaultException(
            "DK0006: the master key "
                + file
                + " may be read by others ("
                + PosixFilePermissions.toString(permissions)
                + "); restrict it with: chmod 600 "
                + file,
            null);
      }
      return ofText(Files.readString(file), file.toString());
    } catch (IOException | UnsupportedOperationException e) {
      throw new VaultException(
          "DK0006: the master key "
              + file
              + " cannot be used ("
              + reason(e)
              + "); set DIREKTIV_MASTER_KEY or choose another file with --master-key-file",
          e);
    }
  }

  private static String reason(Exception e) {
    return switch (e) {
      case AccessDeniedException _ -> "this user may not read or make it";
      case NoSuchFileException _ -> "it is not there and cannot be made";
      case FileSystemException trouble when trouble.getReason() != null -> trouble.getReason();
      case UnsupportedOperationException _ -> "its file system keeps no permissions";
      default -> String.valueOf(e.getMessage());
    };
  }

  private static void create(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    byte[] key = new byte[Limits.KEY_BYTES];
    new SecureRandom().nextBytes(key);
    Files.createDirectories(
        file.toAbsolutePath().getParent(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path fresh =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            "master",
            ".key",
            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    Files.writeString(
        fresh,
        Base64.getEncoder().encodeToString(key) + "\n",
        StandardCharsets.US_ASCII,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    try {
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException _) {
      // Another process made it first: that one counts.
    } finally {
      deleteQuietly(fresh);
    }
  }

  private static void deleteQuietly(Path file) throws IOException {
    try {
      Files.delete(file);
    } catch (NoSuchFileException _) {
      // It is gone, which is what was wanted.
    }
  }

  SecretKey key() {
    return key;
  }

  @Override
  public String toString() {
    return "MasterKey[redacted]";
  }
}
