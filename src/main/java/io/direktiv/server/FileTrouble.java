package io.direktiv.server;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Says in words why a file cannot be read.
public final class FileTrouble {
  private FileTrouble() {}

  /// The end of a sentence such as "flow.yml cannot be read: it does not exist".
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "it does not exist";
      case AccessDeniedException _ -> "its permissions forbid it";
      case CharacterCodingException _ -> "it is not UTF-8";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
