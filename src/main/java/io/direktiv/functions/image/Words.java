package io.direktiv.functions.image;

import io.direktiv.functions.RegistryCredentials;
import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.functions.image.cache.Names;
import io.direktiv.functions.image.cache.Names.Name;
import io.direktiv.functions.image.source.Source;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// What sources said that references name, and for how long it counts. Safe for use by many
/// threads.
///
/// ```
///   asked ──▶ believed ──3/4 of its time──▶ asked again beside ──its time──▶ waited for
///                                             │                                │
///                                             └─▶ believed, or taken back      └─▶ after a while:
///                                                                                  its last word
/// ```
///
/// Of all who want to know, one asks; so what is in use is asked for without anybody waiting, and a
/// registry that is away costs nobody more than a short wait now and then.
final class Words implements AutoCloseable {
  private static final Duration CLOSE_TIME = Duration.ofSeconds(2);

  private final Names names;
  private final Duration patience;
  private final Predicate<Word> isHere;
  private final LongSupplier nanos;
  private final Map<Asked, Known> known = new ConcurrentHashMap<>();
  private final Map<Asked, CompletableFuture<Word>> asking = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("registry-question-", 0).factory());

  /// @param patience how long a registry is waited for that has said something before
  /// @param isHere whether the image of a word is unpacked: else its last word is of no use
  /// @param nanos the time, of which only differences count
  Words(Names names, Duration patience, Predicate<Word> isHere, LongSupplier nanos) {
    this.names = names;
    this.patience = patience;
    this.isHere = isHere;
    this.nanos = nanos;
  }

  /// What somebody wants to know.
  record Asked(String reference, Optional<RegistryCredentials> login) {}

  /// What a reference names.
  ///
  /// @param note why it is only what was said before; empty when it was just said
  record Word(Manifest manifest, String origin, Optional<String> note) {}

  /// A word that counts.
  ///
  /// @param askAtNanos from when on the next one is asked for
  private record Known(Word word, long askAtNanos, long endsAtNanos) {}

  /// What counts for now; where that is not for long, it is asked for beside.
  Optional<Word> remembered(Asked asked, Source source) {
    Known before = known.get(asked);
    long now = nanos.getAsLong();
    if (before == null || before.endsAtNanos() - now <= 0) {
      return Optional.empty();
    }
    if (before.askAtNanos() - now <= 0 && !isLocal(source)) {
      question(asked, source);
    }
    return Optional.of(before.word());
  }

  /// What `source` says now. When it said something before and does not answer soon, that.
  Word ask(Asked asked, Source source) throws ImageException, IOException, InterruptedException {
    if (isLocal(source)) {
      Word word = new Word(manifest(source), source.origin(), Optional.empty());
      remember(asked, word);
      return word;
    }
    Known before = known.get(asked);
    CompletableFuture<Word> question = question(asked, source);
    try {
      return question.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      Optional<Word> old =
          old(asked, source, "its registry has not answered within " + seconds(patience));
      if (old.isEmpty()) {
        return answer(question);
      }
      // The question goes on; what comes of it must not be overwritten.
      known.compute(
          asked,
          (_, now) -> now == before && !question.isDone() ? counting(asked, old.get()) : now);
      return old.get();
    } catch (ExecutionException _) {
      return answer(question);
    }
  }

  private static String seconds(Duration time) {
    return time.toMillis() / 1_000.0 + " s";
  }

  private static boolean isLocal(Source source) {
    return source.origin().equals(Source.LOCAL);
  }

  private static Word answer(CompletableFuture<Word> question)
      throws ImageException, IOException, InterruptedException {
    try {
      return question.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ImageException refused -> throw refused;
        case IOException failed -> throw failed;
        case InterruptedException stopped -> throw stopped;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  /// The question that is under way, or a new one.
  private CompletableFuture<Word> question(Asked asked, Source source) {
    CompletableFuture<Word> mine = new CompletableFuture<>();
    CompletableFuture<Word> first = asking.putIfAbsent(asked, mine);
    if (first != null) {
      return first;
    }
    try {
      threads.execute(() -> put(asked, source, mine));
    } catch (RejectedExecutionException e) {
      asking.remove(asked);
      mine.completeExceptionally(new InterruptedException("images are closed"));
    }
    return mine;
  }

  /// Puts a question and says what came of it.
  private void put(Asked asked, Source source, CompletableFuture<Word> question) {
    try {
      Word word = heard(asked, source);
      remember(asked, word);
      asking.remove(asked);
      question.complete(word);
    } catch (ImageException | IOException | InterruptedException | RuntimeException e) {
      asking.remove(asked);
      // First told, then forgotten: who gives up waiting looks whether it was told.
      question.completeExceptionally(e);
      known.remove(asked);
    }
  }

  private Word heard(Asked asked, Source source)
      throws ImageException, IOException, InterruptedException {
    try {
      return new Word(manifest(source), source.origin(), Optional.empty());
    } catch (ImageException e) {
      if (e.kind() == Kind.LOGIN || e.kind() == Kind.ABSENT) {
        // A registry that refuses takes its last word back.
        names.remove(names.who(asked.login()), asked.reference());
      }
      if (e.kind() != Kind.UNREACHABLE) {
        throw e;
      }
      return old(asked, source, e.getMessage()).orElseThrow(() -> e);
    }
  }

  private static Manifest manifest(Source source)
      throws ImageException, IOException, InterruptedException {
    Content content = source.manifest();
    for (int depth = 0; depth <= ImageLimits.INDEX_DEPTH_MAX; depth++) {
      switch (Manifest.read(content)) {
        case Manifest.Read.One(Manifest manifest) -> {
          return manifest;
        }
        case Manifest.Read.Index(List<Descriptor> manifests) ->
            content = source.manifest(Manifest.choose(manifests, Platform.ofThisMachine()));
      }
    }
    throw Descriptor.broken("an index in an index in an index");
  }

  /// What the registry said before, not too long ago, of an image that is here.
  private Optional<Word> old(Asked asked, Source source, String trouble) throws IOException {
    Instant oldest = Instant.now().minus(ImageLimits.OFFLINE_TIME);
    return names
        .find(names.who(asked.login()), asked.reference())
        .filter(name -> name.at().isAfter(oldest) && name.origin().equals(source.origin()))
        .map(name -> old(name, trouble))
        .filter(isHere);
  }

  private static Word old(Name name, String trouble) {
    Descriptor config = new Descriptor("", name.image(), 0, Optional.empty(), "");
    return new Word(
        new Manifest(name.manifest(), config, List.of()),
        name.origin(),
        Optional.of(trouble + "; what it was at " + name.at() + " is used"));
  }

  private void remember(Asked asked, Word word) {
    if (known.size() >= ImageLimits.KNOWN_MAX) {
      known.clear();
    }
    known.put(asked, counting(asked, word));
    if (word.note().isEmpty()) {
      keep(asked, word);
    }
  }

  private Known counting(Asked asked, Word word) {
    long now = nanos.getAsLong();
    if (word.note().isPresent()) {
      return new Known(
          word, now + ImageLimits.AWAY_ASK_TIME.toNanos(), now + ImageLimits.AWAY_TIME.toNanos());
    }
    boolean isByDigest = asked.reference().contains("@");
    long time = (isByDigest ? ImageLimits.DIGEST_TIME : ImageLimits.TAG_TIME).toNanos();
    return new Known(word, now + time / 4 * 3, now + time);
  }

  private void keep(Asked asked, Word word) {
    try {
      names.put(
          new Name(
              names.who(asked.login()),
              asked.reference(),
              word.manifest().digest(),
              word.manifest().config().digest(),
              word.origin(),
              Instant.now()));
    } catch (IOException _) {
      // It would only be wanted when the registry is away; an image that is here runs nevertheless.
    }
  }

  /// Forgets what counts.
  void forget() {
    known.clear();
  }

  /// Ends all questions.
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(CLOSE_TIME.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
