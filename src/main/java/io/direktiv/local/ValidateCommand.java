package io.direktiv.local;

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
    mixinStandardHelpOptions = true)
public final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "what to check")
  private List<Path> paths;

  @Option(names = "--json", description = "print the problems as a JSON array")
  private boolean json;

  @Override
  public Integer call() {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new ParameterException(
            spec.commandLine(), path + " does not exist; give a workflow file or a folder");
      }
      List<Path> found = WorkflowFiles.of(path);
      if (found.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), path + " holds no .yml or .yaml file; give a workflow file");
      }
      files.addAll(found);
    }
    boolean isWhole = paths.size() > 1 || Files.isDirectory(paths.getFirst());
    return new Validation(System.out).run(files, isWhole, json);
  }
}
