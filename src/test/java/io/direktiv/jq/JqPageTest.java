package io.direktiv.jq;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Runs the examples of `docs/language/jq.md`: `query --> outputs`.
class JqPageTest {
  private static final Json INPUT =
      Json.parse("{\"name\":\"Alan\",\"tags\":[\"a\",\"b\"],\"n\":3}");

  @Test
  void theExamplesAnswerAsThePageSays() throws IOException, QuerySyntaxException {
    List<String> examples =
        Files.readAllLines(Path.of("docs/language/jq.md")).stream()
            .filter(line -> line.contains("-->") && !line.contains("`"))
            .toList();
    assertThat(examples).hasSizeGreaterThan(20);
    for (String example : examples) {
      int arrow = example.lastIndexOf("-->");
      String found =
          Query.compile(example.substring(0, arrow)).all(INPUT, QueryLimits.DEFAULT).stream()
              .map(Json::toString)
              .collect(Collectors.joining(" "));
      assertThat(found).as(example).isEqualTo(example.substring(arrow + 3).strip());
    }
  }
}
