package io.direktiv.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.direktiv.jq.Query;
import io.direktiv.jq.QueryLimits;
import io.direktiv.jq.QuerySyntaxException;
import io.direktiv.json.Json;
import io.direktiv.json.JsonArray;
import io.direktiv.json.JsonObject;
import io.direktiv.json.JsonString;
import io.direktiv.model.Start;
import io.direktiv.model.WorkflowReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs the examples of `docs/language`.
///
/// A block `yaml` is a workflow; the blocks behind it tell its story in order: `json input`, `json
/// function f` (what the function answers; `{"fails": …}` for an error), `json secrets`, `json
/// variables`, `json event`, `text time` (how long to wait), `text cancel`, and at the end `json
/// output` or `json error`. More blocks `yaml` before that are subflows. A block `jq` holds an
/// input and lines `query --> outputs`. A block `yaml part` is not run.
class LanguageDocsTest {
  private static final Path PAGES = Path.of("docs", "language");
  private static final Pattern BLOCK =
      Pattern.compile(
          "^```([a-z]+)(?: ([^\\n]*))?\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");

  private static Stream<Path> pages() {
    try (Stream<Path> files = Files.walk(PAGES)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> runsEveryExample() {
    return pages()
        .flatMap(page ->
            examples(page).stream()
                .map(example ->
                    DynamicTest.dynamicTest(
                        example.name(),
                        () ->
                            Play.play(
                                example,
                                (g, mocks) -> new EngineWorld(g.settings(), g.limits(), mocks)))));
  }

  /// The queries of `jq.md` have one input for the whole page and a test in the room of jq.
  @TestFactory
  Stream<DynamicTest> runsEveryQuery() {
    return pages()
        .filter(page -> !page.endsWith("jq.md"))
        .flatMap(page ->
            BLOCK
                .matcher(read(page))
                .results()
                .filter(block -> block.group(1).equals("jq"))
                .map(block ->
                    DynamicTest.dynamicTest(
                        page + ": " + block.group(3).lines().findFirst().orElse(""),
                        () -> checkQueries(block.group(3).lines().toList()))));
  }

  @TestFactory
  Stream<DynamicTest> linksToPagesThatExist() {
    return pages()
        .map(page ->
            DynamicTest.dynamicTest(
                page.toString(),
                () -> {
                  Matcher links = LINK.matcher(read(page));
                  while (links.find()) {
                    if (!links.group(1).contains("://")) {
                      assertThat(page.resolveSibling(links.group(1))).exists();
                    }
                  }
                }));
  }

  private static void checkQueries(List<String> lines) throws QuerySyntaxException {
    Json input = Json.parse(lines.getFirst());
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split(" --> ", 2);
      List<Json> outputs = Query.compile(parts[0].strip()).all(input, QueryLimits.DEFAULT);
      assertThat(JsonArray.of(outputs))
          .as(line)
          .isEqualTo(Json.parse("[" + (parts.length > 1 ? parts[1] : "") + "]"));
    }
  }

  /// A story as it is read.
  private static final class Story {
    final List<Json> workflows = new ArrayList<>();
    final Map<String, List<Json>> functions = new LinkedHashMap<>();
    final List<Json> steps = new ArrayList<>();
    final JsonObject.Builder json = JsonObject.builder();
  }

  private static List<GoldenCase> examples(Path page) {
    List<GoldenCase> examples = new ArrayList<>();
    Story story = new Story();
    Matcher blocks = BLOCK.matcher(read(page));
    while (blocks.find()) {
      String what = blocks.group(2) == null ? "" : blocks.group(2);
      String text = blocks.group(3);
      boolean isEnd = what.equals("output") || what.equals("error");
      tell(story, blocks.group(1), what, text);
      if (isEnd) {
        examples.add(example(page, story, examples.size() + 1));
        story = new Story();
      }
    }
    assertThat(story.workflows).as("%s: examples without an end", page).isEmpty();
    return examples;
  }

  private static void tell(Story story, String kind, String what, String text) {
    switch (kind + " " + what.split(" ", 2)[0]) {
      case "yaml " -> story.workflows.add(Json.of(text));
      case "json input" -> story.json.put("input", Json.parse(text));
      case "json secrets" -> story.json.put("secrets", Json.parse(text));
      case "json variables" -> story.json.put("variables", Json.parse(text));
      case "json function" ->
          story
              .functions
              .computeIfAbsent(what.split(" ")[1], _ -> new ArrayList<>())
              .add(answer(Json.parse(text)));
      case "json event" -> story.steps.add(JsonObject.of("event", Json.parse(text)));
      case "text time" -> story.steps.add(JsonObject.of("advance", Json.of(text.strip())));
      case "text cancel" -> story.steps.add(JsonObject.of("cancel", Json.of(text.strip())));
      case "json output" -> story.json.put("output", Json.parse(text));
      case "json error" -> story.json.put("error", Json.parse(text));
      case "yaml part", "jq ", "sh ", "text " -> {}
      default -> throw new AssertionError("what is a block \"" + kind + " " + what + "\"?");
    }
  }

  private static Json answer(Json answer) {
    return answer instanceof JsonObject object && object.has("fails")
        ? object
        : JsonObject.of("returns", answer);
  }

  private static GoldenCase example(Path page, Story story, int number) {
    assertThat(story.workflows).as("%s: an end without a workflow", page).isNotEmpty();
    JsonObject.Builder functions = JsonObject.builder();
    story.functions.forEach((name, answers) -> functions.put(name, JsonArray.of(answers)));
    boolean isStartedByEvents =
        WorkflowReader.read(((JsonString) story.workflows.getFirst()).value())
            .workflow()
            .map(workflow -> !(workflow.start() instanceof Start.Default))
            .orElse(false);
    JsonObject json = story.json.build();
    if (json.has("error")
        && json.get("error") instanceof JsonObject error
        && Json.of("direktiv.cancels.api").equals(error.get("code"))) {
      story.json.put("status", "cancelled");
    }
    return new GoldenCase(
        page.toString(),
        story
            .json
            .put("name", "example " + number)
            .put("workflows", JsonArray.of(story.workflows))
            .put("functions", functions.build())
            .put("start", isStartedByEvents ? "none" : "api")
            .put("steps", JsonArray.of(story.steps))
            .build());
  }
}
