package io.direktiv.store;

/// A change that the store refuses because of what it holds. Nothing was written.
public final class ConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Kind kind;

  /// A refusal of `kind`; `subject` names the thing, such as `namespace 'demo'`.
  public ConflictException(Kind kind, String subject) {
    super(
        switch (kind) {
          case EXISTS -> subject + " already exists";
          case ABSENT -> subject + " does not exist";
          case CHANGED -> subject + " has been changed by somebody else";
        });
    this.kind = kind;
  }

  /// Why it was refused.
  public Kind kind() {
    return kind;
  }

  /// Why a change is refused.
  public enum Kind {
    /// The thing to create is there.
    EXISTS,
    /// The thing to change, or its owner, is not there.
    ABSENT,
    /// The thing to change is not what the writer saw.
    CHANGED
  }
}
