package io.direktiv.functions.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.direktiv.functions.image.ImageException.Kind;
import io.direktiv.functions.image.Words.Asked;
import io.direktiv.functions.image.Words.Word;
import io.direktiv.functions.image.cache.Cache;
import io.direktiv.functions.image.source.Source;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who waits for a registry, and for how long its word counts.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WordsTest {
  private static final Asked ASKED = new Asked("registry.example/x:v1", Optional.empty());

  private static final Set<Thread.State> WAITING =
      EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  @TempDir private Path folder;
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
  private final SlowSource source = new SlowSource();
  private Cache cache;
  private Words words;

  @BeforeEach
  void open() throws IOException {
    cache = Cache.open(folder);
    words = words(true);
  }

  private Words words(boolean isHere) {
    return new Words(cache.names(), Duration.ofMillis(50), _ -> isHere, now::get);
  }

  @AfterEach
  void close() throws IOException {
    source.mayAnswer.release(1_000);
    words.close();
    cache.close();
  }

  /// A registry that answers as often as it is let.
  private static final class SlowSource implements Source {
    private final Semaphore mayAnswer = new Semaphore(0);
    private final Semaphore wasAsked = new Semaphore(0);
    private final AtomicInteger questions = new AtomicInteger();
    private volatile int version = 1;
    private volatile Kind trouble;

    @Override
    public String origin() {
      return "registry.example/x";
    }

    @Override
    public Content manifest() throws ImageException, InterruptedException {
      questions.incrementAndGet();
      wasAsked.release();
      mayAnswer.acquire();
      if (trouble != null) {
        throw new ImageException(trouble, "the registry is not well", "wait");
      }
      Json config =
          JsonObject.builder()
              .put("digest", Digest.of(new byte[version]).toString())
              .put("size", 1)
              .build();
      byte[] bytes =
          JsonObject.builder()
              .put("config", config)
              .put("layers", JsonArray.of())
              .build()
              .toBytes();
      return new Content("", Digest.of(bytes), bytes);
    }

    @Override
    public Content manifest(Descriptor descriptor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void blob(Descriptor blob, Path file, LongConsumer progress) {
      throw new UnsupportedOperationException();
    }
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private static int version(Word word) {
    for (int i = 1; i < 10; i++) {
      if (word.manifest().config().digest().equals(Digest.of(new byte[i]))) {
        return i;
      }
    }
    throw new AssertionError("no version");
  }

  /// What was heard before all that follows.
  private void hear() throws Exception {
    source.mayAnswer.release();
    assertThat(version(words.ask(ASKED, source))).isEqualTo(1);
    source.wasAsked.acquire();
  }

  /// Waits until `version` is what counts, or nothing for 0.
  private void await(int version) throws InterruptedException {
    while (words.remembered(ASKED, source).map(WordsTest::version).orElse(0) != version) {
      Thread.sleep(Duration.ofMillis(1));
    }
  }

  @Test
  void asksOnceForAllThatWantToKnow() throws Exception {
    // given many that wait
    List<FutureTask<Word>> callers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      FutureTask<Word> each = new FutureTask<>(() -> words.ask(ASKED, source));
      callers.add(each);
      threads.add(Thread.ofPlatform().start(each));
    }
    source.wasAsked.acquire();
    for (Thread thread : threads) {
      while (!WAITING.contains(thread.getState())) {
        Thread.onSpinWait();
      }
    }

    // when
    source.mayAnswer.release();

    // then
    for (FutureTask<Word> each : callers) {
      assertThat(version(each.get())).isEqualTo(1);
    }
    assertThat(source.questions).hasValue(1);
  }

  @Test
  void asksBesideWhoCallsBeforeItsWordIsOver() throws Exception {
    // given
    hear();
    source.version = 2;

    // then it is not asked again for a while
    pass(Duration.ofSeconds(44));
    assertThat(words.remembered(ASKED, source)).map(WordsTest::version).contains(1);
    assertThat(source.questions).hasValue(1);

    // when
    pass(Duration.ofSeconds(2));

    // then nobody waits, and one question is under way
    for (int i = 0; i < 10; i++) {
      assertThat(words.remembered(ASKED, source)).map(WordsTest::version).contains(1);
    }
    source.wasAsked.acquire();
    assertThat(source.questions).hasValue(2);

    // when
    source.mayAnswer.release();

    // then
    await(2);
  }

  @Test
  void believesNoWordThatIsOver() throws Exception {
    // given
    hear();

    // when
    pass(Duration.ofSeconds(61));

    // then
    assertThat(words.remembered(ASKED, source)).isEmpty();
  }

  @Test
  void takesTheLastWordOfARegistryThatDoesNotAnswerSoon() throws Exception {
    // given
    hear();
    source.version = 2;
    pass(Duration.ofHours(1));

    // when
    Word word = words.ask(ASKED, source);

    // then
    assertThat(version(word)).isEqualTo(1);
    assertThat(word.note().orElseThrow())
        .startsWith("its registry has not answered within 0.05 s; what it was at ")
        .endsWith(" is used");
    assertThat(words.remembered(ASKED, source)).contains(word);

    // when it answers in the end
    source.mayAnswer.release();

    // then
    await(2);
    assertThat(words.remembered(ASKED, source).orElseThrow().note()).isEmpty();
    assertThat(source.questions).hasValue(2);
  }

  @Test
  void waitsForNoRegistryThatWasAway() throws Exception {
    // given
    hear();
    pass(Duration.ofHours(1));
    source.trouble = Kind.UNREACHABLE;
    source.mayAnswer.release();
    assertThat(words.ask(ASKED, source).note().orElseThrow()).contains("is not well");
    source.wasAsked.acquire();

    // when it is wanted minutes later
    pass(Duration.ofMinutes(4));
    assertThat(words.remembered(ASKED, source).orElseThrow().note()).isPresent();
    source.wasAsked.acquire();
    source.trouble = null;
    source.version = 2;
    source.mayAnswer.release();

    // then it has been asked beside
    await(2);
  }

  @Test
  void waitsForARegistryWhenItsLastWordIsOfNoUse() throws Exception {
    // given
    hear();
    words.close();
    words = words(false);

    // when
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Word> word = threads.submit(() -> words.ask(ASKED, source));
      source.wasAsked.acquire();
      assertThat(word.state()).isEqualTo(Future.State.RUNNING);
      source.mayAnswer.release();

      // then
      assertThat(word.get().note()).isEmpty();
    }
  }

  @Test
  void believesARefusalBesideACallAtOnce() throws Exception {
    // given
    hear();
    pass(Duration.ofSeconds(50));
    source.trouble = Kind.LOGIN;
    source.mayAnswer.release();

    // when
    await(0);

    // then it counts no more, also when the registry is away afterwards
    source.trouble = Kind.UNREACHABLE;
    source.mayAnswer.release();
    assertThatThrownBy(() -> words.ask(ASKED, source))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
  }

  @Test
  void endsItsQuestionsWhenItIsClosed() throws Exception {
    // given
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Word> word = threads.submit(() -> words.ask(ASKED, source));
      source.wasAsked.acquire();

      // when
      words.close();

      // then
      assertThatThrownBy(word::get).hasCauseInstanceOf(InterruptedException.class);
    }
    assertThatThrownBy(() -> words.ask(ASKED, source)).isInstanceOf(InterruptedException.class);
  }
}
