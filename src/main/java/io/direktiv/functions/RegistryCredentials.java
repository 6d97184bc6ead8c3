package io.direktiv.functions;

/// A login at a registry. Redacts itself.
public record RegistryCredentials(String registry, String user, String token) {
  @Override
  public String toString() {
    return "RegistryCredentials[" + registry + "]";
  }
}
