package io.direktiv.functions.image;

import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.functions.image.Words.Asked;
import io.direktiv.functions.image.Words.Word;
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
import java.util.Optional;
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
  private final Words words;
  private final Disk disk;
  private final AtomicBoolean isOpen = new AtomicBoolean(true);

  /// Images kept in `folder`, which other processes may use too.
  public Images(Path folder, Registries registries, ImageSettings settings) throws IOException {
    this.cache = Cache.open(folder);
    this.disk = new Disk(folder);
    this.registries = registries;
    this.local = LocalSources.below(settings.localFolders());
    this.settings = settings;
    this.owners = Owners.ofThisProcess(settings.shift());
    this.words = new Words(cache.names(), settings.patience(), this::isHere, System::nanoTime);
  }

  /// The image that `reference` names, unpacked.
  ///
  /// @param login for its registry
  /// @param progress is told what is done and what was left out
  public Image provide(String reference, Optional<RegistryCredentials> login, PullProgress progress)
      throws ImageException, InterruptedException {
    try (Source source = open(reference, login)) {
      Taken taken = take(new Asked(reference, login), source, progress);
      Lease lease = taken.lease();
      byte[] config = Files.readAllBytes(lease.config());
      return new Image(
          reference,
          taken.word().manifest().digest(),
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
      throw disk.trouble(e, 0);
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

  /// An unpacked image and what it was taken for.
  private record Taken(Word word, Lease lease) {}

  private Taken take(Asked asked, Source source, PullProgress progress)
      throws ImageException, IOException, InterruptedException {
    Optional<Word> remembered = words.remembered(asked, source);
    if (remembered.isPresent()) {
      Word word = remembered.get();
      Optional<Lease> lease = cache.roots().lease(key(word), word.origin());
      if (lease.isPresent()) {
        word.note().ifPresent(note -> progress.notes(asked.reference(), note));
        return new Taken(word, lease.get());
      }
    }
    Word word = words.ask(asked, source);
    word.note().ifPresent(note -> progress.notes(asked.reference(), note));
    return new Taken(word, lease(asked.reference(), word, source, progress));
  }

  private Roots.Key key(Word word) {
    return new Roots.Key(word.manifest().config().digest(), owners.shift());
  }

  private boolean isHere(Word word) {
    try {
      return cache.roots().isHere(key(word), word.origin());
    } catch (IOException _) {
      return false;
    }
  }

  private Lease lease(String reference, Word word, Source source, PullProgress progress)
      throws ImageException, IOException, InterruptedException {
    Roots.Key key = key(word);
    Optional<Lease> lease = cache.roots().lease(key, word.origin());
    if (lease.isPresent()) {
      return lease.get();
    }
    if (word.note().isPresent()) {
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
        .<ImageException>lease(key, word.origin(), () -> pull(reference, word, source, progress));
  }

  private Lease pull(String reference, Word word, Source source, PullProgress progress)
      throws ImageException, IOException, InterruptedException {
    Roots.Key key = key(word);
    long bytes = word.manifest().bytes();
    if (bytes > settings.limits().each().bytesMax()) {
      throw new TooLargeException(
          "its layers have "
              + bytes
              + " bytes, of which "
              + settings.limits().each().bytesMax()
              + " are the most");
    }
    Pull pull = new Pull(reference, word.manifest(), source, cache, progress);
    try (pull) {
      byte[] config = pull.config();
      ImageConfig read = config(config);
      cache
          .roots()
          .make(
              key,
              config,
              word.origin(),
              pull.blobs(),
              root -> pull.unpack(root, read, owners, settings.limits().each()));
    } catch (BadLayerException | TooLargeException | EOFException | ZipException e) {
      throw e;
    } catch (IOException e) {
      // What it fetched is of no use on a disk that does not take the rest.
      cache.remove(word.origin(), pull.blobs());
      throw disk.trouble(e, bytes);
    }
    Optional<Lease> lease = cache.roots().lease(key, word.origin());
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
      words.forget();
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
    words.close();
    try {
      cache.close();
    } catch (IOException _) {
      // What is left the next start removes.
    }
  }
}
