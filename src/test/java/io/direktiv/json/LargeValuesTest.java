package io.direktiv.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Large arrays and objects, which change their inner form when they are changed, behave like the
/// plain lists and maps of the JDK, and no version sees the changes of a later one.
class LargeValuesTest {
  private static final int ROUNDS = 3_000;

  private final Random random = new Random(5);

  @Test
  void arraysBehaveLikeLists() {
    for (int size : List.of(0, 1, 31, 32, 33, 64, 65, 1_024, 1_056, 1_057, 40_000)) {
      List<Json> list = new ArrayList<>();
      JsonArray array = JsonArray.EMPTY;
      for (int i = 0; i < size; i++) {
        list.add(Json.of((long) i));
        array = array.plus(Json.of((long) i));
      }
      List<Json> before = List.copyOf(list);
      JsonArray first = array;
      for (int round = 0; round < ROUNDS && size > 0; round++) {
        int at = random.nextInt(list.size());
        list.set(at, Json.of("v" + round));
        array = array.with(at, Json.of("v" + round));
        if (round % 3 == 0) {
          list.add(Json.of((long) round));
          array = array.plus(Json.of((long) round));
        }
        assertThat(array.get(at)).isEqualTo(Json.of("v" + round));
      }
      assertThat(array.toList()).isEqualTo(list);
      assertThat(array.size()).isEqualTo(list.size());
      assertThat(first.toList()).isEqualTo(before);
      assertThat(first.plusAll(array).size()).isEqualTo(first.size() + array.size());
    }
  }

  @Test
  void objectsBehaveLikeLinkedMaps() {
    for (int keys : List.of(1, 8, 13, 30, 500, 5_000)) {
      Map<String, Json> map = new LinkedHashMap<>();
      JsonObject object = JsonObject.EMPTY;
      JsonObject middle = object;
      List<String> middleKeys = List.of();
      for (int round = 0; round < ROUNDS; round++) {
        String key = key(random.nextInt(keys));
        if (round % 7 == 3) {
          map.remove(key);
          object = object.without(key);
        } else {
          map.put(key, Json.of((long) round));
          object = object.with(key, Json.of((long) round));
        }
        assertThat(object.get(key)).isEqualTo(map.get(key));
        if (round == ROUNDS / 2) {
          middle = object;
          middleKeys = List.copyOf(map.keySet());
        }
      }
      assertThat(List.copyOf(object.keys())).isEqualTo(List.copyOf(map.keySet()));
      assertThat(object.toMap()).isEqualTo(map);
      assertThat(object).isEqualTo(JsonObject.of(map));
      assertThat(List.copyOf(middle.keys())).isEqualTo(middleKeys);
    }
  }

  /// Every other key has the hash of another one.
  private static String key(int number) {
    return number % 2 == 0 ? "Aa" + number / 4 + "BB" : "BB" + number / 4 + "Aa";
  }

  @Test
  @Timeout(20)
  void keysOfOneHashAreNoTrouble() {
    // given
    int bits = 16;
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < 1 << bits; i++) {
      text.append(i == 0 ? "\"" : ",\"");
      for (int bit = 0; bit < bits; bit++) {
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      text.append("\":").append(i);
    }
    // when
    JsonObject object = (JsonObject) Json.parse(text.append("}").toString());
    // then
    assertThat(object.size()).isEqualTo(1 << bits);
    assertThat(object.get("Aa".repeat(bits))).isEqualTo(Json.of(0));
    assertThat(object.get("BB".repeat(bits))).isEqualTo(Json.of((1L << bits) - 1));
    assertThat(object.get("AaBB")).isNull();
  }

  @Test
  void numbersAreWhatTheJdkReads() {
    for (int round = 0; round < 100_000; round++) {
      String whole = Long.toString(random.nextLong(1L << random.nextInt(1, 60)));
      String places = Long.toString(random.nextLong(1L << random.nextInt(1, 60)));
      String sign = random.nextBoolean() ? "-" : "";
      String text = sign + whole + (random.nextInt(4) == 0 ? "" : "." + places);
      JsonNumber number = (JsonNumber) Json.parse(text);
      assertThat(number.doubleValue()).as(text).isEqualTo(Double.parseDouble(text));
      assertThat(number).hasToString(text);
    }
  }
}
