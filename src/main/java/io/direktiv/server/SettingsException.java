package io.direktiv.server;

import java.util.List;

/// Settings that cannot be used; the message holds all problems, one a line.
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SettingsException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }
}
