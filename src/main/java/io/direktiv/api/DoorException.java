package io.direktiv.api;

import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;

/// A door that cannot be opened. The message is one sentence that says what to do.
public final class DoorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A door that failed to open.
  public DoorException(String message, Throwable cause) {
    super(message, cause);
  }

  /// A door that cannot listen at `address`, which `setting` names.
  ///
  /// @param cause what the attempt threw; the reason is looked for in it and its causes
  public static DoorException cannotListen(Address address, String setting, Throwable cause) {
    return new DoorException("DK0004: " + address + " " + reason(address, setting, cause), cause);
  }

  private static String reason(Address address, String setting, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      if (cause instanceof UnresolvedAddressException) {
        return "names no machine; set " + setting + " to an address of this one";
      }
      if (text.contains("Permission denied")) {
        return "may not be opened by this user; set " + setting + " to a port of 1024 or more";
      }
      if (text.contains("Cannot assign requested address")) {
        return "is no address of this machine; set "
            + setting
            + " to one, such as 127.0.0.1:"
            + address.port();
      }
      if (cause instanceof BindException || text.contains("Address already in use")) {
        return "is in use; stop the other process or set " + setting;
      }
    }
    return "cannot be opened (" + failure + "); set " + setting + " to another address";
  }
}
