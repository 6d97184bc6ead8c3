package io.direktiv.functions;

/// A login at a registry. Redacts itself.
public record RegistryCredentials(String registry, String user, String token) {
  /// The user that Docker's credential helpers give for a token of its own kind, which is shown to
  /// a token server in place of a password.
  private static final String REFRESH_USER = "<token>";

  /// A login with what Docker calls an identity token.
  public static RegistryCredentials ofRefreshToken(String registry, String token) {
    return new RegistryCredentials(registry, REFRESH_USER, token);
  }

  /// True when the token is an identity token of Docker and no password.
  public boolean isRefreshToken() {
    return user.equals(REFRESH_USER);
  }

  @Override
  public String toString() {
    return "RegistryCredentials[" + registry + "]";
  }
}
