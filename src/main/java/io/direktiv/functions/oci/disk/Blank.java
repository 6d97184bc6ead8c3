package io.direktiv.functions.oci.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// An empty ext4 file system of one size: the few blocks of it that are not zero.
///
/// @param bytes its size
/// @param blocks where a block lies, and what is in it
record Blank(long bytes, List<Block> blocks) {
  private static final int BLOCK_BYTES = 4_096;
  private static final long BYTES_FOR_EACH_FILE = 8_192;
  private static final int SAID_MAX = 4_096;
  private static final String PROGRAM = "mkfs.ext4";

  /// A part of a file system that is not zero.
  private record Block(long at, byte[] content) {}

  /// Lets `mkfs.ext4` make one, in a file beside what will be made of it, which is removed.
  ///
  /// Without a journal, since no disk outlives its sandbox; with tables of inodes that are taken to
  /// be zero already, since they are holes.
  static Blank make(Path file, long bytes) throws IOException {
    try {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(new byte[1]), bytes - 1);
      }
      run(
          List.of(
              program(),
              "-q",
              "-F",
              "-b",
              Integer.toString(BLOCK_BYTES),
              "-m",
              "0",
              "-i",
              Long.toString(BYTES_FOR_EACH_FILE),
              "-O",
              "^has_journal,^resize_inode,^metadata_csum,uninit_bg",
              "-E",
              "lazy_itable_init=1,nodiscard,root_owner=0:0",
              file.toString()));
      return new Blank(bytes, blocks(file));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static String program() throws IOException {
    return Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin")
        .map(folder -> Path.of(folder, PROGRAM))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () -> new UnableException(PROGRAM + " is not installed; the package e2fsprogs has it"))
        .toString();
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      byte[] said = process.getInputStream().readNBytes(SAID_MAX);
      if (process.waitFor() != 0) {
        throw new IOException(
            PROGRAM + " failed: " + new String(said, StandardCharsets.UTF_8).strip());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IOException(PROGRAM + " was interrupted");
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<Block> blocks(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    byte[] zeros = new byte[BLOCK_BYTES];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Calls.extents(
          file,
          (from, to) -> {
            for (long at = from; at < to; at += BLOCK_BYTES) {
              ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
              channel.read(block, at);
              if (!Arrays.equals(block.array(), zeros)) {
                blocks.add(new Block(at, block.array()));
              }
            }
          });
    }
    return List.copyOf(blocks);
  }

  /// Writes one to a new file, which takes no more of the disk than it must.
  void copyTo(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (Block block : blocks) {
        channel.write(ByteBuffer.wrap(block.content()), block.at());
      }
      if (channel.size() < bytes) {
        channel.write(ByteBuffer.wrap(new byte[1]), bytes - 1);
      }
    }
  }
}
