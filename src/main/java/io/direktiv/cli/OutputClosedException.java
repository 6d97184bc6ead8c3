package io.direktiv.cli;

/// Nobody reads the output any more, as in `direkcli … | head`.
final class OutputClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
