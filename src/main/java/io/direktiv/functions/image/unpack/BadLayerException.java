package io.direktiv.functions.image.unpack;

import java.io.IOException;

/// A layer that is refused. The message continues a sentence that begins with "the layer".
public final class BadLayerException extends IOException {
  private static final long serialVersionUID = 1L;

  /// A refusal: `has a device, "dev/sda"`.
  public BadLayerException(String message) {
    super(message);
  }
}
