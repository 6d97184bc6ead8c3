package io.direktiv.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Mutations of good definitions are read or refused, never anything else, and problems stand
/// inside the file.
class DefinitionFuzzTest {
  private static final int DEFINITIONS = Integer.getInteger("definitions", 3_000);

  private static final List<String> PARTS =
      List.of(
          "\n",
          "  ",
          "- ",
          ": ",
          "{",
          "}",
          "[",
          "]",
          "'",
          "\"",
          "|",
          ">",
          "&a ",
          "*a",
          "!!int ",
          "!x ",
          "#",
          "\t",
          "---\n",
          "<<: *a\n",
          "null",
          "1e999",
          "id: x\n",
          "type: switch\n",
          "states:\n",
          "jq(.a)",
          "{{ .a",
          "}}",
          "\u0000",
          "\uFEFF",
          "😀",
          "PT1S",
          "type: eventsAnd",
          "%",
          "?",
          "schema: {$ref: '#'}");

  @Test
  void readsOrRefuses() throws IOException {
    // given
    List<String> good = new ArrayList<>();
    for (String name : List.of("helloworld.yml", "nsfw.yml")) {
      good.add(Files.readString(Path.of("examples", name)));
    }
    good.add(Files.readString(Path.of("golden/definitions/states.yaml")).replace("- name:", "id:"));
    long seed = Long.getLong("seed", 4711L);
    Random random = new Random(seed);
    for (int i = 0; i < DEFINITIONS; i++) {
      String text = mutated(good.get(random.nextInt(good.size())), random);
      // when
      Reading reading;
      try {
        reading =
            random.nextBoolean()
                ? WorkflowReader.read(text)
                : WorkflowReader.read(text.getBytes(StandardCharsets.UTF_8));
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", definition " + i + ":\n" + text, e);
      }
      // then
      boolean hasErrors = reading.diagnostics().stream().anyMatch(Diagnostic::isError);
      assertThat(reading.workflow().isPresent()).as(text).isEqualTo(!hasErrors);
      int lines = text.split("\n|\r", -1).length + 1;
      assertThat(reading.diagnostics())
          .allSatisfy(d -> {
            assertThat(d.place().line()).as(text).isBetween(1, lines);
            assertThat(d.place().column()).isPositive();
          });
    }
  }

  private static String mutated(String good, Random random) {
    StringBuilder text = new StringBuilder(good);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, PARTS.get(random.nextInt(PARTS.size())));
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(6)));
        default -> text.insert(at, text.substring(Math.max(0, at - 30), at));
      }
    }
    return text.toString();
  }
}
