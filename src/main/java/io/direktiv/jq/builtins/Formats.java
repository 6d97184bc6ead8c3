package io.direktiv.jq.builtins;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonString;
import io.direktiv.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.StringJoiner;

/// The `@formats` that turn values into text.
public final class Formats {
  private static final Set<String> NAMES =
      Set.of("text", "json", "csv", "tsv", "html", "uri", "urid", "sh", "base64", "base64d");

  private Formats() {}

  public static boolean isKnown(String name) {
    return NAMES.contains(name);
  }

  /// The text of `value` in the format `name`; null means `text`.
  public static String apply(String name, Json value, Budget budget) {
    if (name == null) {
      return text(value, budget);
    }
    String formatted = format(name, value, budget);
    budget.made(2L * formatted.length());
    return formatted;
  }

  private static String format(String name, Json value, Budget budget) {
    return switch (name) {
      case "text" -> text(value, budget);
      case "json" -> json(value, budget);
      case "csv" -> row(value, "csv", budget);
      case "tsv" -> row(value, "tsv", budget);
      case "html" -> html(expanding(value, budget), budget);
      case "uri" -> uri(expanding(value, budget), budget);
      case "urid" -> uriDecoded(value, text(value, budget));
      case "sh" -> shell(value, budget);
      case "base64" ->
          Base64.getEncoder().encodeToString(text(value, budget).getBytes(StandardCharsets.UTF_8));
      case "base64d" -> base64Decoded(value, text(value, budget));
      default -> throw Values.failure(name + " is not a valid format");
    };
  }

  public static String text(Json value, Budget budget) {
    return switch (value) {
      case JsonString string -> string.value();
      case JsonNumber number -> number.toString();
      default -> json(value, budget);
    };
  }

  public static String json(Json value, Budget budget) {
    long[] counted = {0};
    String json =
        JsonWriter.compact(
            value,
            bytes -> {
              budget.work(1 + (bytes - counted[0] >> 7));
              counted[0] = bytes;
              budget.size(bytes);
            });
    budget.made(2L * json.length());
    return json;
  }

  private static String row(Json value, String format, Budget budget) {
    if (!(value instanceof JsonArray array)) {
      throw Values.failure(
          Values.describe(value) + " cannot be " + format + "-formatted, only array");
    }
    StringJoiner row = new StringJoiner(format.equals("csv") ? "," : "\t");
    for (Json cell : array) {
      budget.step();
      budget.size(2L * row.length());
      row.add(
          switch (cell) {
            case io.direktiv.json.JsonNull _ -> "";
            case io.direktiv.json.JsonBoolean bool -> bool.toString();
            case JsonNumber number -> Double.isNaN(number.doubleValue()) ? "" : number.toString();
            case JsonString string when format.equals("csv") ->
                '"' + string.value().replace("\"", "\"\"") + '"';
            case JsonString string ->
                string
                    .value()
                    .replace("\\", "\\\\")
                    .replace("\t", "\\t")
                    .replace("\n", "\\n")
                    .replace("\r", "\\r");
            case JsonArray _, io.direktiv.json.JsonObject _ ->
                throw Values.failure(Values.describe(cell) + " is not valid in a csv row");
          });
    }
    return row.toString();
  }

  /// The text of `value`, which a format may make six times as long.
  private static String expanding(Json value, Budget budget) {
    String text = text(value, budget);
    budget.size(12L * text.length());
    return text;
  }

  /// Counts a step for every 128 characters.
  private static void pace(int i, Budget budget) {
    if ((i & 127) == 0) {
      budget.step();
    }
  }

  private static String html(String text, Budget budget) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      pace(i, budget);
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '\'' -> out.append("&apos;");
        case '"' -> out.append("&quot;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  private static String uri(String text, Budget budget) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      pace(i, budget);
      char c = (char) (bytes[i] & 0xFF);
      if (c < 128 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0)) {
        out.append(c);
      } else {
        out.append('%')
            .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
            .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return out.toString();
  }

  private static String uriDecoded(Json value, String text) {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int length = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '%') {
        out[length++] = in[i];
        continue;
      }
      int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw Values.failure(Values.describe(value) + " is not a valid uri encoding");
      }
      out[length++] = (byte) (high * 16 + low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(out, 0, length)).toString();
    } catch (CharacterCodingException _) {
      throw Values.failure(Values.describe(value) + " is not a valid uri encoding");
    }
  }

  private static String shell(Json value, Budget budget) {
    if (!(value instanceof JsonArray array)) {
      return quoted(value);
    }
    StringJoiner words = new StringJoiner(" ");
    for (Json word : array) {
      budget.step();
      budget.size(2L * words.length());
      words.add(quoted(word));
    }
    return words.toString();
  }

  private static String quoted(Json value) {
    if (value instanceof JsonString string) {
      return "'" + string.value().replace("'", "'\\''") + "'";
    }
    if (value instanceof JsonArray || value instanceof io.direktiv.json.JsonObject) {
      throw Values.failure(Values.describe(value) + " can not be escaped for shell");
    }
    return value.toString();
  }

  private static String base64Decoded(Json value, String text) {
    byte[] out = new byte[text.length()];
    int length = 0;
    int bits = 0;
    int held = 0;
    int used = 0;
    for (int i = 0; i < text.length() && text.charAt(i) != '='; i++) {
      int digit =
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
              .indexOf(text.charAt(i));
      if (digit < 0) {
        throw Values.failure(Values.describe(value) + " is not valid base64 data");
      }
      used++;
      held = held << 6 | digit;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        out[length++] = (byte) (held >> bits);
      }
    }
    if (used % 4 == 1) {
      throw Values.failure(Values.describe(value) + " trailing base64 byte found");
    }
    if (length == 0 && used > 0) {
      throw Values.failure(Values.describe(value) + " is not valid base64 data");
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }
}
