package io.direktiv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The tables of v0.1.6, as its documents print them.
final class TableTest {
  @Test
  void drawsTheTableOfTheQuickstart() {
    assertThat(Table.draw(List.of("NAME"), List.of(List.of("demo"))))
        .isEqualTo(
            """
            +------+
            | NAME |
            +------+
            | demo |
            +------+
            """);
  }

  @Test
  void centresHeadingsAndPutsCellsOnTheLeft() {
    assertThat(
            Table.draw(
                List.of("ID", "STATUS"),
                List.of(List.of("demo/a/AAAAAA", "complete"), List.of("demo/b/B", "x"))))
        .isEqualTo(
            """
            +---------------+----------+
            |      ID       |  STATUS  |
            +---------------+----------+
            | demo/a/AAAAAA | complete |
            | demo/b/B      | x        |
            +---------------+----------+
            """);
  }

  @Test
  void keepsColumnsStraightWhenLettersAreNotAscii() {
    assertThat(Table.draw(List.of("SECRET"), List.of(List.of("schlüssel"), List.of("k"))))
        .isEqualTo(
            """
            +-----------+
            |  SECRET   |
            +-----------+
            | schlüssel |
            | k         |
            +-----------+
            """);
  }
}
