package io.direktiv.functions.image.source;

import io.direktiv.functions.image.Content;
import io.direktiv.functions.image.Descriptor;
import io.direktiv.functions.image.Digest;
import io.direktiv.functions.image.ImageException;
import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.functions.image.ImageLimits;
import io.direktiv.functions.image.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;

/// An image in an OCI image layout, a folder or an archive of one.
final class LayoutSource implements LocalSource {
  private final Parcel parcel;
  private final String tag;

  LayoutSource(Parcel parcel, String tag) {
    this.parcel = parcel;
    this.tag = tag;
  }

  @Override
  public Content manifest() throws ImageException, IOException {
    byte[] index = read("index.json");
    List<Descriptor> all = Manifest.index(new Content("", Digest.of(index), index));
    List<Descriptor> named = all;
    if (!tag.isEmpty()) {
      named = all.stream().filter(each -> isNamed(each, tag)).toList();
    } else if (all.size() > 1 && all.stream().anyMatch(each -> isNamed(each, "latest"))) {
      named = all.stream().filter(each -> isNamed(each, "latest")).toList();
    }
    if (named.size() == 1) {
      return manifest(named.getFirst());
    }
    boolean isForPlatforms =
        !named.isEmpty() && named.stream().allMatch(each -> each.platform().isPresent());
    if (isForPlatforms && tag.isEmpty()) {
      return new Content("", Digest.of(index), index);
    }
    throw new ImageException(
        Kind.ABSENT,
        (tag.isEmpty() ? "it holds several images: " : "it holds no single \"" + tag + "\" but: ")
            + all.stream().map(Descriptor::refName).collect(Collectors.joining(", ")),
        "name one of them after a colon");
  }

  private static boolean isNamed(Descriptor descriptor, String tag) {
    return descriptor.refName().equals(tag) || descriptor.refName().endsWith(":" + tag);
  }

  @Override
  public Content manifest(Descriptor descriptor) throws ImageException, IOException {
    byte[] bytes = read(path(descriptor.digest()));
    if (!descriptor.digest().isOf(bytes)) {
      throw Copy.broken(descriptor.digest());
    }
    return new Content(descriptor.mediaType(), descriptor.digest(), bytes);
  }

  private static String path(Digest digest) {
    return "blobs/" + digest.algorithm() + "/" + digest.hex();
  }

  private byte[] read(String name) throws IOException, ImageException {
    try (InputStream in = parcel.open(name)) {
      return Copy.bounded(in, name, ImageLimits.MANIFEST_BYTES_MAX);
    }
  }

  @Override
  public InputStream open(Digest blob) throws ImageException, IOException {
    return parcel.open(path(blob));
  }

  @Override
  public void close() throws IOException {
    parcel.close();
  }
}
