package io.direktiv.cli;

import picocli.CommandLine.Option;

/// Options of commands that list.
final class Paging {
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "how many to list at most; all that the server gives when left out")
  private int limit;

  @Option(
      names = "--offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "how many to leave out")
  private int offset;

  int limit() {
    return limit;
  }

  int offset() {
    return offset;
  }
}
