package io.direktiv.functions.image;

import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.functions.image.cache.Cache;
import io.direktiv.functions.image.cache.Lease;
import io.direktiv.functions.image.cache.Names.Name;
import io.direktiv.functions.image.cache.Roots;
import io.direktiv.functions.image.registry.Registries;
import io.direktiv.functions.image.source.ImageReference;
import io.direktiv.functions.image.source.LocalSources;
import io.direktiv.functions.image.source.RegistrySource;
import io.direktiv.functions.image.source.Source;
import io.direktiv.functions.image.unpack.BadLayerException;
import io.direktiv.functions.image.unpack.Owners;
import io.direktiv.functions.image.unpack.TooLargeException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipException;

/// Images, unpacked into folders that all sandboxes share. Safe for use by many threads, and beside
/// other processes over the same folder.
///
/// ```
///   reference ─▶ source ─▶ manifest for this machine ─▶ unpacked already? ─▶ lease
///                                                        └ no: layers ─▶ unpacked ─▶ lease
/// ```
///
/// Asking for the manifest is how a login proves that it may have the image: what is unpacked here
/// is shared, but only with those whose own login its registry has just believed. When a registry
/// cannot be reached, its last word counts for some days; one that answers otherwise, or whom TLS
/// does not vouch for, is not one that cannot be reached.
public final class Images implements AutoCloseable {
  private final Cache cache;
  private final Registries registries;
  private final LocalSources local;
  private final ImageSettings settings;
  private final Owners owners;
  private final Map<Asked, Known> known = new ConcurrentHashMap<>();
  private final AtomicBoolean isOpen = new AtomicBoolean(true);

  private record Asked(String reference, Optional<RegistryCredentials> login) {}

  /// What a reference names.
  ///
  /// @param isOld true when only an earlier word of its registry says so
  private record Found(Manifest manifest, String origin, boolean isOld) {}

  private record Known(Found found, long endsAtNanos) {}

  /// Images kept in `folder`, which other processes may use too.
  public Images(Path folder, Registries registries, ImageSettings settings) throws IOException {
    this.cache = Cache.open(folder);
    this.registries = registries;
    this.local = LocalSources.below(settings.localFolders());
    this.settings = settings;
    this.owners = Owners.ofThisProcess(settings.shift());
  }

  /// The image that `reference` names, unpacked.
  ///
  /// @param login for its registry
  /// @param progress is told what is done and what was left out
  public Image provide(String reference, Optional<RegistryCredentials> login, PullProgress progress)
      throws ImageException, InterruptedException {
    try (Source source = open(reference, login)) {
      Found found = find(new Asked(reference, login), source, progress);
      Lease lease = lease(reference, found, source, progress);
      byte[] config = Files.readAllBytes(lease.config());
      return new Image(
          reference,
          found.manifest().digest(),
          lease.image(),
          lease.root(),
          config(config),
          lease::close);
    } catch (BadLayerException e) {
      throw new ImageException(
          Kind.HOSTILE, "cannot be unpacked: " + e.getMessage(), "build the image without that");
    } catch (TooLargeException e) {
      throw new ImageException(
          Kind.TOO_LARGE, "is too large: " + e.getMessage(), "build a smaller image");
    } catch (EOFException | ZipException e) {
      throw new ImageException(
          Kind.BROKEN,
          "has a layer that cannot be read: " + e.getMessage(),
          "build and push the image again");
    } catch (IOException e) {
      throw new ImageException(
          Kind.DISK,
          "cannot be kept on this machine: " + e.getMessage(),
          "make room on its disk, for example with: direktiv images prune");
    }
  }

  private Source open(String reference, Optional<RegistryCredentials> login)
      throws ImageException, IOException {
    return switch (ImageReference.parse(reference)) {
      case ImageReference.Remote(var name) ->
          new RegistrySource(registries.open(name, login), name);
      case ImageReference.Folder folder -> local.open(folder, cache.scratch());
      case ImageReference.Archive archive -> local.open(archive);
    };
  }

  private Found find(Asked asked, Source source, PullProgress progress)
      throws ImageException, IOException, InterruptedException {
    Known before = known.get(asked);
    if (before != null && before.endsAtNanos() - System.nanoTime() > 0) {
      return before.found();
    }
    Found found;
    try {
      Manifest manifest = manifest(source, source.manifest(), ImageLimits.INDEX_DEPTH_MAX);
      found = new Found(manifest, source.origin(), false);
    } catch (ImageException e) {
      if (e.kind() == Kind.LOGIN || e.kind() == Kind.ABSENT) {
        forget(asked);
      }
      if (e.kind() != Kind.UNREACHABLE) {
        throw e;
      }
      Optional<Name> name = name(asked, source);
      found = old(name.orElseThrow(() -> e));
      progress.notes(
          asked.reference(), e.getMessage() + "; what it was at " + name.get().at() + " is used");
    }
    remember(asked, found);
    return found;
  }

  /// What the registry said before, not too long ago.
  private Optional<Name> name(Asked asked, Source source) throws IOException {
    Instant oldest = Instant.now().minus(ImageLimits.OFFLINE_TIME);
    return cache
        .names()
        .find(cache.names().who(asked.login()), asked.reference())
        .filter(name -> name.at().isAfter(oldest) && name.origin().equals(source.origin()));
  }

  /// A registry that refuses took its last word back.
  private void forget(Asked asked) throws IOException {
    known.remove(asked);
    cache.names().remove(cache.names().who(asked.login()), asked.reference());
  }

  private static Found old(Name name) {
    Descriptor config = new Descriptor("", name.image(), 0, Optional.empty(), "");
    return new Found(new Manifest(name.manifest(), config, List.of()), name.origin(), true);
  }

  private static Manifest manifest(Source source, Content content, int depth)
      throws ImageException, IOException, InterruptedException {
    return switch (Manifest.read(content)) {
      case Manifest.Read.One(Manifest manifest) -> manifest;
      case Manifest.Read.Index(List<Descriptor> manifests) -> {
        if (depth == 0) {
          throw Descriptor.broken("an index in an index in an index");
        }
        Descriptor chosen = Manifest.choose(manifests, Platform.ofThisMachine());
        yield manifest(source, source.manifest(chosen), depth - 1);
      }
    };
  }

  private void remember(Asked asked, Found found) throws IOException {
    boolean isByDigest = asked.reference().contains("@");
    Duration time = isByDigest ? ImageLimits.DIGEST_TIME : ImageLimits.TAG_TIME;
    if (known.size() >= ImageLimits.KNOWN_MAX) {
      known.clear();
    }
    known.put(asked, new Known(found, System.nanoTime() + time.toNanos()));
    if (!found.isOld()) {
      cache
          .names()
          .put(
              new Name(
                  cache.names().who(asked.login()),
                  asked.reference(),
                  found.manifest().digest(),
                  found.manifest().config().digest(),
                  found.origin(),
                  Instant.now()));
    }
  }

  private Lease lease(String reference, Found found, Source source, PullProgress progress)
      throws ImageException, IOException, InterruptedException {
    Roots.Key key = new Roots.Key(found.manifest().config().digest(), owners.shift());
    Optional<Lease> lease = cache.roots().lease(key, found.origin());
    if (lease.isPresent()) {
      return lease.get();
    }
    if (found.isOld()) {
      throw new ImageException(
          Kind.UNREACHABLE,
          "is not on this machine any more, and its registry cannot be reached",
          "try again later");
    }
    if (cache.roots().isBeingMade(key)) {
      progress.notes(reference, "somebody else pulls it already, so this waits");
    }
    return cache
        .roots()
        .<ImageException>lease(
            key, found.origin(), () -> pull(reference, key, found, source, progress));
  }

  private Lease pull(
      String reference, Roots.Key key, Found found, Source source, PullProgress progress)
      throws ImageException, IOException, InterruptedException {
    long bytes = found.manifest().bytes();
    if (bytes > settings.limits().each().bytesMax()) {
      throw new TooLargeException(
          "its layers have "
              + bytes
              + " bytes, of which "
              + settings.limits().each().bytesMax()
              + " are the most");
    }
    try (Pull pull = new Pull(reference, found.manifest(), source, cache, progress)) {
      byte[] config = pull.config();
      ImageConfig read = config(config);
      cache
          .roots()
          .make(
              key,
              config,
              found.origin(),
              pull.blobs(),
              root -> pull.unpack(root, read, owners, settings.limits().each()));
    }
    Optional<Lease> lease = cache.roots().lease(key, found.origin());
    cache.shrink(settings.limits().cacheBytesMax());
    return lease.orElseThrow(() -> new IOException("the image was removed at once"));
  }

  private static ImageConfig config(byte[] text) throws ImageException {
    try {
      return ImageConfig.read(Json.parse(text));
    } catch (JsonException e) {
      throw Descriptor.broken("a configuration that is no JSON: " + e.getMessage());
    }
  }

  /// An image that is kept.
  ///
  /// @param id the digest of its configuration
  /// @param references under which it was had
  /// @param bytes that it takes unpacked
  public record Kept(
      Digest id, List<String> references, long bytes, Instant lastUsed, boolean isInUse) {
    public Kept {
      references = List.copyOf(references);
    }

    /// True when `name` is a reference of it, its digest, or the beginning of its digest.
    public boolean isCalled(String name) {
      String digits = name.replaceFirst("^sha256:", "");
      return references.contains(name)
          || digits.length() >= ImageLimits.DIGITS_MIN && id.hex().startsWith(digits);
    }
  }

  /// Everything that is kept unpacked, what was used last first.
  public List<Kept> list() throws IOException {
    List<Name> names = cache.names().all();
    List<Kept> all = new ArrayList<>();
    for (Roots.Entry root : cache.roots().all().reversed()) {
      Digest id = root.key().image();
      List<String> references =
          names.stream()
              .filter(name -> name.image().equals(id))
              .map(Name::reference)
              .distinct()
              .sorted()
              .toList();
      all.add(new Kept(id, references, root.bytes(), root.lastUsed(), root.isInUse()));
    }
    return all;
  }

  /// Bytes of everything that is kept, layers as they came included.
  public long bytes() throws IOException {
    return cache.bytes();
  }

  /// Removes an image, unless it is in use.
  ///
  /// @return true when it is gone
  public boolean remove(Kept kept) throws IOException {
    boolean isGone = true;
    for (Roots.Entry root : cache.roots().all()) {
      if (root.key().image().equals(kept.id())) {
        isGone &= cache.remove(root);
      }
    }
    if (isGone) {
      for (Name name : cache.names().all()) {
        if (name.image().equals(kept.id())) {
          cache.names().remove(name.who(), name.reference());
        }
      }
      known.clear();
    }
    return isGone;
  }

  /// Removes layers as they came, and images that were not used for `unused`, until no more than
  /// `most` bytes are kept or nothing is left that may go.
  ///
  /// @return the bytes that are gone
  public long prune(long most, Duration unused) throws IOException {
    long before = cache.bytes();
    cache.shrink(most, Instant.now().minus(unused));
    return before - cache.bytes();
  }

  /// Ends what is under way. The folder is given up with the last of those who have it open in this
  /// process; twice is fine.
  @Override
  public void close() {
    if (!isOpen.compareAndSet(true, false)) {
      return;
    }
    registries.close();
    try {
      cache.close();
    } catch (IOException _) {
      // What is left the next start removes.
    }
  }
}
