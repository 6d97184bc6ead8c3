package io.direktiv.local.jq;

import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonBoolean;
import io.direktiv.json.JsonNull;
import io.direktiv.json.JsonNumber;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The escape sequences that begin each kind of value on a terminal.
final class Colors {
  /// No colours.
  static final Colors NONE = new Colors(new String[8], "");

  /// For null, false, true, numbers, strings, arrays, objects and keys, as in jq 1.8.
  private static final List<String> DEFAULT =
      List.of("0;90", "0;39", "0;39", "0;39", "0;32", "1;39", "1;39", "1;34");

  private static final Pattern COLOR = Pattern.compile("[0-9;]*");

  private final String[] begins;
  private final String reset;

  private Colors(String[] begins, String reset) {
    this.begins = begins;
    this.reset = reset;
  }

  private Colors(List<String> codes) {
    this(codes.stream().map(code -> "\033[" + code + "m").toArray(String[]::new), "\033[0m");
  }

  static Colors standard() {
    return new Colors(DEFAULT);
  }

  /// What `JQ_COLORS` says, for the first kinds or for all; empty when it is not a list of colours.
  static Optional<Colors> of(String text) {
    List<String> given = new ArrayList<>(Arrays.asList(text.split(":", -1)));
    if (given.size() > DEFAULT.size()) {
      given = given.subList(0, DEFAULT.size());
    } else if (given.getLast().isEmpty()) {
      given.removeLast();
    }
    if (!given.stream().allMatch(code -> COLOR.matcher(code).matches())) {
      return Optional.empty();
    }
    List<String> codes = new ArrayList<>(given);
    codes.addAll(DEFAULT.subList(given.size(), DEFAULT.size()));
    return Optional.of(new Colors(codes));
  }

  boolean isNone() {
    return reset.isEmpty();
  }

  /// What ends any of them.
  String reset() {
    return reset;
  }

  String begin(Json value) {
    return begins[
        switch (value) {
          case JsonNumber number when Double.isNaN(number.doubleValue()) -> 0;
          case JsonNull _ -> 0;
          case JsonBoolean bool -> bool.value() ? 2 : 1;
          case JsonNumber _ -> 3;
          case JsonString _ -> 4;
          case JsonArray _ -> 5;
          case JsonObject _ -> 6;
        }];
  }

  String beginKey() {
    return begins[7];
  }
}
