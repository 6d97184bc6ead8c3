package io.direktiv.local.function;

import io.direktiv.server.FileTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `direktiv function init`.
@Command(
    name = "init",
    description = {
      "Writes a small function with its Dockerfile and a workflow that calls it.",
      "Building the image is up to your own tool."
    },
    footer = {
      "",
      "Examples:",
      "  direktiv function init greeter --lang python",
      "  docker build -t greeter:v1 greeter"
    },
    mixinStandardHelpOptions = true)
final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "a folder that is empty or not there yet")
  private Path folder;

  @Option(
      names = "--lang",
      paramLabel = "LANG",
      required = true,
      description = "go, python, node, java or bash")
  private String language;

  @Override
  public Integer call() {
    Template template =
        Template.of(language)
            .orElseThrow(
                () -> refuse("--lang " + language + " is not known; write " + Template.words()));
    try {
      requireFree();
      template.write(folder);
    } catch (IOException e) {
      System.err.println(
          "direktiv: "
              + folder
              + " cannot be written ("
              + FileTrouble.reason(e)
              + "); name a folder that you may write to");
      return CommandLine.ExitCode.SOFTWARE;
    }
    System.out.println("written to " + folder + ": " + String.join(", ", template.files()));
    System.out.println(
        "build it, for example with: docker build -t greeter:v1 "
            + folder
            + "; it speaks the contract "
            + template.contract());
    return CommandLine.ExitCode.OK;
  }

  private void requireFree() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw refuse(folder + " is a file; name a folder that is empty or not there yet");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.findAny().isPresent()) {
        throw refuse(folder + " is not empty; name a folder that is empty or not there yet");
      }
    }
  }

  private ParameterException refuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
