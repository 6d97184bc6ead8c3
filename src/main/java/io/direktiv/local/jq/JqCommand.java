package io.direktiv.local.jq;

import io.direktiv.local.jq.Arguments.Meaning;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/// `direktiv jq`.
///
/// Not a command of picocli, whose options work in other ways than jq's, and which takes longer to
/// load than a small program takes to run.
public final class JqCommand {
  private JqCommand() {}

  /// Runs the command on this process's streams and ends the process.
  ///
  /// @param arguments what follows `jq`
  public static void main(List<String> arguments) {
    int code = run(arguments, Io.ofProcess());
    // Not System.exit: all output is flushed, and no hook is left.
    Runtime.getRuntime().halt(code);
  }

  /// The command's line in the list of commands.
  public static CommandSpec entry() {
    CommandSpec entry = CommandSpec.create().name("jq");
    entry
        .usageMessage()
        .customSynopsis("direktiv jq [options] <jq filter> [file...]")
        .description("Filters JSON as jq does, also as a state of a workflow would.")
        .footer("", "All options: direktiv jq --help");
    return entry;
  }

  /// Runs the command and returns the exit code.
  static int run(List<String> arguments, Io io) {
    Sink out = new Sink(io.out());
    Sink err = new Sink(io.err());
    int code;
    try {
      code = run(arguments, io, out, err);
    } catch (Refusal e) {
      code = refused(e, out, err);
    } catch (OutOfMemoryError _) {
      code = refused(new Refusal(ExitCode.SYSTEM, memory()), out, err);
    }
    try {
      out.flush();
      return code;
    } catch (Refusal e) {
      return refused(e, out, err);
    }
  }

  private static int run(List<String> arguments, Io io, Sink out, Sink err) {
    return switch (Arguments.read(arguments, io, err)) {
      case Meaning.Run(JqOptions options) when options.workflow().isPresent() ->
          new StateView(options, io, out, err).run();
      case Meaning.Run(JqOptions options) -> new Session(options, io, out, err).run();
      case Meaning.Tests tests -> new TestFile(tests, io, out, err).run();
      case Meaning.Answer answer -> {
        out.text(
            switch (answer) {
              case HELP -> Help.text();
              case VERSION -> "jq-" + Help.VERSION + "-direktiv\n";
              case CONFIGURATION -> Help.configuration() + "\n";
            });
        yield ExitCode.OK;
      }
    };
  }

  private static String memory() {
    long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
    return "jq: error: out of memory: the heap of "
        + mebibytes
        + " MiB is full; give it more with DIREKTIV_JAVA_OPTS=-Xmx8g";
  }

  private static int refused(Refusal refusal, Sink out, Sink err) {
    try {
      if (refusal.exitCode() != ExitCode.PIPE_CLOSED) {
        out.flush();
      }
    } catch (Refusal _) {
      // What is being refused came first.
    }
    if (!refusal.getMessage().isEmpty()) {
      err.line(refusal.getMessage());
    }
    return refusal.exitCode();
  }
}
