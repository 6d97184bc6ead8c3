package io.direktiv.local;

import io.direktiv.server.FileTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `direktiv validate`.
@Command(
    name = "validate",
    description = {
      "Checks workflow files and prints every problem with its place.",
      "Exit code 0 when there is no error; warnings are no errors."
    },
    footer = {
      "",
      "Examples:",
      "  direktiv validate helloworld.yml",
      "  direktiv validate flows --json",
      "  cat helloworld.yml | direktiv validate -"
    },
    mixinStandardHelpOptions = true)
public final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|DIR",
      arity = "1..*",
      description = "what to check; - is standard input")
  private List<Path> paths;

  @Option(names = "--json", description = "print the problems as a JSON array")
  private boolean json;

  @Override
  public Integer call() {
    List<Source> sources = new ArrayList<>();
    for (Path path : paths) {
      sources.addAll(sources(path));
    }
    boolean isWhole = paths.size() > 1 || Files.isDirectory(paths.getFirst());
    return new Validation(System.out).run(sources, isWhole, json);
  }

  private List<Source> sources(Path path) {
    try {
      List<Source> found = Source.of(path, System.in);
      if (found.isEmpty()) {
        throw refuse(path + " holds no .yml or .yaml file; give a workflow file");
      }
      if (found.equals(List.of(new Source.OfFile(path))) && !Files.exists(path)) {
        throw refuse(path + " does not exist; give a workflow file or a folder");
      }
      return found;
    } catch (IOException e) {
      throw refuse(path + " cannot be read: " + FileTrouble.reason(e));
    }
  }

  private ParameterException refuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
