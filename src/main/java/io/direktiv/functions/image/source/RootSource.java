package io.direktiv.functions.image.source;

import io.direktiv.functions.image.Content;
import io.direktiv.functions.image.Digest;
import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.functions.image.Platform;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;

/// A folder that is a root file system, as an image of one layer that names no command; where it
/// has a shell, that runs the one that is given. The layer is written by the machine's `tar`, which
/// knows owners, links and devices.
final class RootSource implements LocalSource {
  private static final int WORDS_BYTES_MAX = 2_000;

  private final Path folder;
  private final Path scratch;
  private byte[] config = {};

  /// @param scratch where the layer may be written; removed when this is closed
  RootSource(Path folder, Path scratch) {
    this.folder = folder;
    this.scratch = scratch;
  }

  @Override
  public Content manifest() throws ImageException, IOException, InterruptedException {
    Digest layer = pack();
    Platform platform = Platform.ofThisMachine();
    config =
        JsonObject.builder()
            .put("os", platform.os())
            .put("architecture", platform.architecture())
            .put("config", JsonObject.of("Entrypoint", JsonArray.of(entrypoint())))
            .put(
                "rootfs",
                JsonObject.builder()
                    .put("type", "layers")
                    .put("diff_ids", JsonArray.of(Json.of(layer.toString())))
                    .build())
            .build()
            .toBytes();
    byte[] manifest =
        JsonObject.builder()
            .put("schemaVersion", 2)
            .put("config", descriptor(Digest.of(config), config.length))
            .put("layers", JsonArray.of(descriptor(layer, Files.size(scratch))))
            .build()
            .toBytes();
    return new Content("", Digest.of(manifest), manifest);
  }

  private List<Json> entrypoint() {
    return Files.exists(folder.resolve("bin/sh"), LinkOption.NOFOLLOW_LINKS)
        ? List.of(Json.of("/bin/sh"), Json.of("-c"))
        : List.of();
  }

  private static JsonObject descriptor(Digest digest, long size) {
    return JsonObject.builder().put("digest", digest.toString()).put("size", size).build();
  }

  private Digest pack() throws ImageException, IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                "tar",
                "--create",
                "--sort=name",
                "--numeric-owner",
                "--one-file-system",
                "--directory",
                folder.toString(),
                "."));
    Path log = log();
    builder.redirectError(ProcessBuilder.Redirect.to(log.toFile()));
    MessageDigest computed = Digest.startSha256();
    Process tar = start(builder);
    try (InputStream in = new DigestInputStream(tar.getInputStream(), computed)) {
      Files.copy(in, scratch);
      if (tar.waitFor() != 0) {
        throw unreadable(words(log));
      }
    } finally {
      tar.destroy();
    }
    return Digest.of(computed);
  }

  private Path log() {
    return scratch.resolveSibling(scratch.getFileName() + ".log");
  }

  private Process start(ProcessBuilder builder) throws ImageException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw unreadable("GNU tar is needed for it: " + e.getMessage());
    }
  }

  private ImageException unreadable(String problem) {
    return new ImageException(
        Kind.BROKEN,
        "the root file system " + folder + " cannot be read: " + problem,
        "run as a user who may read all of it");
  }

  private static String words(Path log) throws IOException {
    try (InputStream in = Files.newInputStream(log)) {
      return new String(in.readNBytes(WORDS_BYTES_MAX), StandardCharsets.UTF_8).strip();
    }
  }

  @Override
  public InputStream open(Digest blob) throws IOException {
    return blob.isOf(config) ? new ByteArrayInputStream(config) : Files.newInputStream(scratch);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(scratch);
    Files.deleteIfExists(log());
  }
}
