package io.direktiv.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every relative link of every page leads to a file, and to a heading when it names one.
final class DocsLinksTest {
  private static final Path HOME = Path.of("").toAbsolutePath();
  private static final Pattern FENCE =
      Pattern.compile("^ *```.*?^ *```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern CODE = Pattern.compile("`[^`\\n]*`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*)$", Pattern.MULTILINE);

  @Test
  void leadsEveryLinkToAFileAndAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      String text = CODE.matcher(prose(page)).replaceAll("");
      for (MatchResult link : LINK.matcher(text).results().toList()) {
        String path = link.group(1);
        if (path.contains("://") || path.startsWith("mailto:")) {
          continue;
        }
        Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
        if (!Files.exists(target)) {
          broken.add(HOME.relativize(page) + ": " + link.group() + ", but there is no such file");
        } else if (link.group(2) != null && !anchors(target).contains(link.group(2))) {
          broken.add(
              HOME.relativize(page)
                  + ": "
                  + link.group()
                  + ", but headings are "
                  + anchors(target));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void listsEveryExampleOnTheirPage() throws IOException {
    String page = Files.readString(Path.of("examples", "README.md"));
    try (Stream<Path> files = Files.list(Path.of("examples"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .allSatisfy(name -> {
            if (!name.equals("README.md")) {
              assertThat(page).contains("(" + name + ")");
            }
          });
    }
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    try (Stream<Path> top = Files.list(HOME)) {
      top.filter(DocsLinksTest::isPage).forEach(pages::add);
    }
    for (String folder : List.of("docs", "examples", "golden", "src")) {
      try (Stream<Path> files = Files.walk(HOME.resolve(folder))) {
        files.filter(DocsLinksTest::isPage).forEach(pages::add);
      }
    }
    assertThat(pages).hasSizeGreaterThan(40);
    return pages;
  }

  private static boolean isPage(Path file) {
    return file.toString().endsWith(".md");
  }

  private static String prose(Path page) throws IOException {
    return FENCE.matcher(Files.readString(page)).replaceAll("");
  }

  /// The anchors of a page's headings, as GitHub makes them.
  private static List<String> anchors(Path page) throws IOException {
    Map<String, Integer> seen = new HashMap<>();
    return HEADING
        .matcher(prose(page))
        .results()
        .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
        .map(anchor -> {
          int before = seen.merge(anchor, 1, Integer::sum) - 1;
          return before == 0 ? anchor : anchor + "-" + before;
        })
        .toList();
  }
}
