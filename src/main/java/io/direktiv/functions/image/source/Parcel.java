package io.direktiv.functions.image.source;

import io.direktiv.functions.archive.TarReader;
import io.direktiv.functions.image.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Files by name, in a folder or in an archive that is not compressed.
interface Parcel extends AutoCloseable {
  /// The content of a file.
  ///
  /// @throws ImageException when there is none
  InputStream open(String name) throws ImageException, IOException;

  @Override
  void close() throws IOException;

  private static ImageException missing(String name) {
    return new ImageException(
        ImageException.Kind.BROKEN, "it lacks the file \"" + name + "\"", "save the image again");
  }

  /// The files of a folder.
  static Parcel ofFolder(Path folder) {
    return new Parcel() {
      @Override
      public InputStream open(String name) throws ImageException, IOException {
        try {
          return Files.newInputStream(folder.resolve(name));
        } catch (NoSuchFileException _) {
          throw missing(name);
        }
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  /// The files of an archive, which is read through once to know where they are.
  static Parcel ofArchive(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new Archive(channel, Archive.index(channel));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /// An archive, with where its files are.
  final class Archive implements Parcel {
    private static final int FILES_MAX = 10_000;

    private record Place(long start, long size, String link) {}

    private final FileChannel channel;
    private final Map<String, Place> places;

    private Archive(FileChannel channel, Map<String, Place> places) {
      this.channel = channel;
      this.places = places;
    }

    private static Map<String, Place> index(FileChannel channel) throws IOException {
      Map<String, Place> places = new HashMap<>();
      TarReader tar = new TarReader(new Slice(channel, 0, channel.size()), channel.size());
      for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        TarReader.Entry found = entry.get();
        if (places.size() >= FILES_MAX) {
          throw new IOException("it has more than " + FILES_MAX + " files, so it is no image");
        }
        String name = found.name().replaceFirst("^(\\./)+", "");
        if (found.isFile()) {
          places.put(name, new Place(tar.position(), found.size(), ""));
        } else if (found.type() == '1') {
          places.put(name, new Place(0, 0, found.link()));
        } else if (found.type() == '2') {
          // Older engines save a layer once and lead to it from elsewhere.
          Path target = Path.of(name).resolveSibling(found.link()).normalize();
          places.put(name, new Place(0, 0, target.toString()));
        }
      }
      return places;
    }

    @Override
    public InputStream open(String name) throws ImageException {
      Place place = places.get(name);
      for (int i = 0; place != null && !place.link().isEmpty() && i < 2; i++) {
        place = places.get(place.link());
      }
      if (place == null || !place.link().isEmpty()) {
        throw missing(name);
      }
      return new Slice(channel, place.start(), place.size());
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /// A part of a file.
  final class Slice extends InputStream {
    private final FileChannel channel;
    private final long end;
    private long at;

    private Slice(FileChannel channel, long start, long size) {
      this.channel = channel;
      this.at = start;
      this.end = start + size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (at >= end) {
        return length == 0 ? 0 : -1;
      }
      int most = (int) Math.min(length, end - at);
      int got = channel.read(ByteBuffer.wrap(bytes, offset, most), at);
      at += Math.max(got, 0);
      return got;
    }
  }
}
