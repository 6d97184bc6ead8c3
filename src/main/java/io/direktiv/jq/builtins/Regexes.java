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
final class Regexes {
  private static final int CACHE_MAX = 512;

  private static final Map<String, Regex> CACHE =
      java.util.Collections.synchronizedMap(
          new java.util.LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Regex> eldest) {
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
    if (text.value().length() > Limits.REGEX_TEXT_CHARS_MAX) {
      throw new QueryLimitException(
          "a text of "
              + text.value().length()
              + " characters is too long for a regular expression, the limit is "
              + Limits.REGEX_TEXT_CHARS_MAX
              + "; split it first");
    }
    boolean isTest = args[2] == Json.TRUE;
    Regex regex = compile(pattern.value(), options(flags, args[1]));
    return new Search(regex, text.value(), flags.indexOf('n') >= 0, budget)
        .run(flags.indexOf('g') >= 0 && !isTest, isTest);
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
    String key = options + ":" + pattern;
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
      while (from <= bytes.length) {
        Matcher matcher = regex.matcher(bytes, 0, bytes.length, budget.nanosLeft());
        if (find(matcher, from) < 0) {
          break;
        }
        boolean isEmpty = matcher.getEnd() == matcher.getBegin();
        if (!(isEmpty && skipsEmpty)) {
          if (isTest) {
            return Json.TRUE;
          }
          matches.add(describe(matcher));
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

    private int find(Matcher matcher, int from) {
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

    private Json describe(Matcher matcher) {
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
