package io.direktiv.functions.oci.disk;

import java.io.IOException;

/// This machine can make no disks of a limited size, now or later: what is missing does not come by
/// waiting.
final class UnableException extends IOException {
  private static final long serialVersionUID = 1L;

  UnableException(String message) {
    super(message);
  }
}
