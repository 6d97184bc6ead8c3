package io.direktiv.jq;

import java.util.List;
import java.util.Optional;

/// Where the modules come from that queries `import` and `include`.
public interface Modules {
  /// No modules: a query that imports is refused.
  Modules NONE = _ -> Optional.empty();

  /// What is looked for.
  ///
  /// @param path the module's checked relative path, such as `lib/text`
  /// @param suffix `.jq` for code, `.json` for data
  /// @param search the directories that the import names; empty when it names none
  /// @param importer the [Module#origin] of the importing module, empty for the query itself
  record Request(String path, String suffix, List<String> search, String importer) {
    public Request {
      search = List.copyOf(search);
    }
  }

  /// A module's text, and where it was found, which names it in messages and tells modules apart.
  record Module(String origin, String text) {}

  /// Finds a module.
  Optional<Module> find(Request request);

  /// The module that every query includes without saying so, as jq does with the file `~/.jq`.
  default Optional<Module> included() {
    return Optional.empty();
  }

  /// Where jq and the query are, what `get_jq_origin` and `get_prog_origin` answer.
  record Origins(String jq, String query) {}

  /// The same; empty where a query has no place.
  default Optional<Origins> origins() {
    return Optional.empty();
  }

  /// What `get_search_list` answers.
  default List<String> searchList() {
    return List.of();
  }
}
