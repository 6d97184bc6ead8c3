package io.direktiv.functions.image;

/// An image that cannot be had: what is wrong, and what to do. Two parts of one sentence that
/// begins with the image's name.
public final class ImageException extends Exception {
  private static final long serialVersionUID = 1L;
  private final Kind kind;
  private final String advice;

  /// Why an image cannot be had.
  public enum Kind {
    /// The reference is none, or one that is not allowed here.
    REFERENCE,
    /// The registry does not believe the login, or wants one.
    LOGIN,
    /// There is no such image, tag or platform.
    ABSENT,
    /// Nobody answers, or not in time, or with a failure that may pass.
    UNREACHABLE,
    /// Who answers is not believed: without TLS that can be trusted, from a place that is not
    /// asked, or with something that no registry says.
    UNTRUSTED,
    /// What came is not what was announced, or nothing that can be read.
    BROKEN,
    /// A layer tries what it must not.
    HOSTILE,
    /// It is larger than it may be.
    TOO_LARGE,
    /// This machine has no room for it.
    DISK
  }

  /// A failure.
  ///
  /// @param problem what was found, with the words of whoever refused
  /// @param advice what to do about it
  public ImageException(Kind kind, String problem, String advice) {
    super(problem);
    this.kind = kind;
    this.advice = advice;
  }

  /// What kind of failure this is.
  public Kind kind() {
    return kind;
  }

  /// What to do about it.
  public String advice() {
    return advice;
  }
}
