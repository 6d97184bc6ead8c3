package io.direktiv.functions.image.unpack;

import java.io.IOException;

/// An image that would be larger than it may be. The message continues a sentence that begins with
/// "the image".
public final class TooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  /// A refusal: `has more than 100 files and folders`.
  public TooLargeException(String message) {
    super(message);
  }
}
