package io.direktiv.jq.builtins;

import io.direktiv.jq.Limits;
import io.direktiv.jq.QueryLimitException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jcodings.specific.UTF8Encoding;
import org.joni.Matcher;
import org.joni.NameEntry;
import org.joni.Option;
import org.joni.Regex;
import org.joni.Region;
import org.joni.Syntax;
import org.joni.WarnCallback;
import org.joni.exception.JOniException;
import org.joni.exception.TimeoutException;

/// Regular expressions: Oniguruma's, under the time limit of the query.
public final class Regexes {
  private static final int CACHE_MAX = 512;

  /// A matcher keeps the time it was given; after so much of it, there is a new one.
  private static final long MATCHER_NANOS = 10_000_000;

  private record Key(String pattern, int options) {}

  private static final Map<Key, Regex> CACHE =
      java.util.Collections.synchronizedMap(
          new java.util.LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Regex> eldest) {
              return size() > CACHE_MAX;
            }
          });

  private Regexes() {}

  static void register(Map<String, Natives.Function> functions) {
    functions.put("_match/3", Regexes::match);
  }

  private static Json match(Json in, Json[] args, Budget budget) {
    if (!(in instanceof JsonString text)) {
      throw Values.failure(Values.describe(in) + " cannot be matched, as it is not a string");
    }
    if (!(args[0] instanceof JsonString pattern)) {
      throw Values.failure(Values.describe(args[0]) + " is not a string");
    }
    if (!(args[1] instanceof JsonString) && args[1] != Json.NULL) {
      throw Values.failure(Values.describe(args[1]) + " is not a string");
    }
    String flags = args[1] instanceof JsonString string ? string.value() : "";
    check(text.value());
    boolean isTest = args[2] == Json.TRUE;
    Regex regex = compile(pattern.value(), options(flags, args[1]));
    return new Search(regex, text.value(), flags.indexOf('n') >= 0, budget)
        .run(flags.indexOf('g') >= 0 && !isTest, isTest);
  }

  private static void check(String text) {
    if (text.length() > Limits.REGEX_TEXT_CHARS_MAX) {
      throw new QueryLimitException(
          "a text of "
              + text.length()
              + " characters is too long for a regular expression, the limit is "
              + Limits.REGEX_TEXT_CHARS_MAX
              + "; split it first");
    }
  }

  /// Makes what is put in the place of a match; null when it is no text.
  public interface Replacement {
    String get();
  }

  /// `text` with the first match replaced, or all of them, without a description being made of any.
  ///
  /// @return null where that cannot be: when groups have names or `text` is not ASCII, or when a
  ///   replacement is null
  public static String replace(
      String text, String pattern, boolean isGlobal, Budget budget, Replacement by) {
    check(text);
    Regex regex = compile(pattern, Option.CAPTURE_GROUP);
    Search search = new Search(regex, text, false, budget);
    boolean isPlain = regex.numberOfNames() == 0 && search.bytes.length == text.length();
    return isPlain ? search.replace(text, isGlobal, by) : null;
  }

  private static int options(String flags, Json shown) {
    int options = Option.CAPTURE_GROUP;
    for (char flag : flags.toCharArray()) {
      options |=
          switch (flag) {
            case 'g', 'n' -> 0;
            case 'i' -> Option.IGNORECASE;
            case 'x' -> Option.EXTEND;
            case 's' -> Option.SINGLELINE;
            case 'p' -> Option.MULTILINE | Option.SINGLELINE;
            case 'l' -> Option.FIND_LONGEST;
            default ->
                throw Values.failure(
                    ((JsonString) shown).value() + " is not a valid modifier string");
          };
    }
    return options;
  }

  private static Regex compile(String pattern, int options) {
    if (pattern.length() > Limits.REGEX_CHARS_MAX) {
      throw new QueryLimitException(
          "a regular expression of "
              + pattern.length()
              + " characters is longer than the limit of "
              + Limits.REGEX_CHARS_MAX);
    }
    Key key = new Key(pattern, options);
    Regex cached = CACHE.get(key);
    if (cached != null) {
      return cached;
    }
    byte[] bytes = pattern.getBytes(StandardCharsets.UTF_8);
    try {
      Regex regex =
          new Regex(
              bytes,
              0,
              bytes.length,
              options,
              UTF8Encoding.INSTANCE,
              Syntax.PerlNG,
              WarnCallback.NONE);
      CACHE.put(key, regex);
      return regex;
    } catch (JOniException | StackOverflowError e) {
      throw Values.failure("Regex failure: " + e.getMessage());
    }
  }

  /// One search over a text. Offsets count code points.
  private static final class Search {
    private final Regex regex;
    private final byte[] bytes;
    private final boolean skipsEmpty;
    private final Budget budget;
    private Matcher matcher;
    private long matcherNanos;
    private int countedBytes;
    private long countedPoints;

    Search(Regex regex, String text, boolean skipsEmpty, Budget budget) {
      this.regex = regex;
      this.bytes = text.getBytes(StandardCharsets.UTF_8);
      this.skipsEmpty = skipsEmpty;
      this.budget = budget;
    }

    Json run(boolean isGlobal, boolean isTest) {
      List<Json> matches = new ArrayList<>();
      int from = 0;
      while (from <= bytes.length && find(from) >= 0) {
        boolean isEmpty = matcher.getEnd() == matcher.getBegin();
        if (!(isEmpty && skipsEmpty)) {
          if (isTest) {
            return Json.TRUE;
          }
          matches.add(describe());
          budget.made(300);
          budget.size(300L * matches.size());
          if (!isGlobal) {
            break;
          }
        }
        from = isEmpty ? next(matcher.getEnd()) : matcher.getEnd();
        budget.work(1);
      }
      return isTest ? Json.FALSE : JsonArray.of(matches);
    }

    /// A character of ASCII is a byte, and an offset counts both.
    String replace(String text, boolean isGlobal, Replacement by) {
      StringBuilder out = null;
      int copied = 0;
      int from = 0;
      while (from <= bytes.length && find(from) >= 0) {
        int begin = matcher.getBegin();
        int end = matcher.getEnd();
        String replacement = by.get();
        if (replacement == null) {
          return null;
        }
        out = out == null ? new StringBuilder(text.length() + 16) : out;
        out.append(text, copied, begin).append(replacement);
        copied = end;
        budget.size(2L * out.length());
        budget.work(1);
        if (!isGlobal) {
          break;
        }
        from = begin == end ? end + 1 : end;
      }
      return out == null ? text : out.append(text, copied, text.length()).toString();
    }

    private int find(int from) {
      long left = budget.nanosLeft();
      if (matcher == null || matcherNanos - left > MATCHER_NANOS) {
        matcher = regex.matcher(bytes, 0, bytes.length, left);
        matcherNanos = left;
      }
      try {
        return matcher.searchInterruptible(from, bytes.length, Option.NONE);
      } catch (TimeoutException _) {
        throw budget.late();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new QueryLimitException("the query was interrupted in a regular expression");
      }
    }

    private int next(int at) {
      int next = at + 1;
      while (next < bytes.length && (bytes[next] & 0xC0) == 0x80) {
        next++;
      }
      return next;
    }

    private Json describe() {
      Region region = matcher.getEagerRegion();
      List<Json> captures = new ArrayList<>();
      String[] names = names(region.getNumRegs());
      for (int i = 1; i < region.getNumRegs(); i++) {
        captures.add(capture(region.getBeg(i), region.getEnd(i)).with("name", name(names[i])));
      }
      return capture(region.getBeg(0), region.getEnd(0)).with("captures", JsonArray.of(captures));
    }

    private static Json name(String name) {
      return name == null ? Json.NULL : Json.of(name);
    }

    private JsonObject capture(int begin, int end) {
      if (begin < 0) {
        return JsonObject.builder()
            .put("offset", -1)
            .put("length", 0)
            .put("string", Json.NULL)
            .build();
      }
      return JsonObject.builder()
          .put("offset", points(begin))
          .put("length", points(begin, end))
          .put("string", new String(bytes, begin, end - begin, StandardCharsets.UTF_8))
          .build();
    }

    private long points(int at) {
      if (at < countedBytes) {
        countedBytes = 0;
        countedPoints = 0;
      }
      countedPoints += points(countedBytes, at);
      countedBytes = at;
      return countedPoints;
    }

    private long points(int from, int to) {
      long points = 0;
      for (int i = from; i < to; i++) {
        points += (bytes[i] & 0xC0) == 0x80 ? 0 : 1;
      }
      return points;
    }

    private String[] names(int count) {
      String[] names = new String[count];
      if (regex.numberOfNames() == 0) {
        return names;
      }
      for (Iterator<NameEntry> it = regex.namedBackrefIterator(); it.hasNext(); ) {
        NameEntry entry = it.next();
        String name =
            new String(
                entry.name, entry.nameP, entry.nameEnd - entry.nameP, StandardCharsets.UTF_8);
        for (int ref : entry.getBackRefs()) {
          names[ref] = name;
        }
      }
      return names;
    }
  }
}
