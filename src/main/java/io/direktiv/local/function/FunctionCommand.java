package io.direktiv.local.function;

import picocli.CommandLine.Command;

/// `direktiv function`.
@Command(
    name = "function",
    description = "Begins a function, and runs one as the engine would.",
    subcommands = {InitCommand.class},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class FunctionCommand {}
