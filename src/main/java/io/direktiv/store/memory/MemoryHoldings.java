package io.direktiv.store.memory;

import io.direktiv.store.Holdings;
import io.direktiv.store.Listing;
import io.direktiv.store.Page;
import io.direktiv.store.RegistryRecord;
import io.direktiv.store.SecretRecord;
import io.direktiv.store.TokenRecord;
import io.direktiv.store.VariableOwner;
import io.direktiv.store.VariableRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads variables, secrets, registries and tokens.
record MemoryHoldings(Tables tables) implements Holdings {
  private static final byte[] NO_VALUE = {};

  @Override
  public Optional<VariableRecord> variable(VariableOwner owner, String key) {
    synchronized (tables) {
      return tables.variables.get(Tables.key(owner, key));
    }
  }

  @Override
  public Listing<VariableRecord> variables(VariableOwner owner, Page page) {
    synchronized (tables) {
      return Pages.of(
          tables.variables.where(variable -> variable.owner().equals(owner)).stream()
              .map(v ->
                  new VariableRecord(
                      v.owner(), v.key(), NO_VALUE, v.mimeType(), v.createdAt(), v.updatedAt()))
              .toList(),
          page);
    }
  }

  @Override
  public Optional<SecretRecord> secret(String namespace, String name) {
    synchronized (tables) {
      return tables.secrets.get(Tables.key(namespace, name));
    }
  }

  @Override
  public Listing<SecretRecord> secrets(String namespace, Page page) {
    synchronized (tables) {
      return Pages.of(tables.secrets.where(secret -> secret.namespace().equals(namespace)), page);
    }
  }

  @Override
  public Listing<RegistryRecord> registries(String namespace, Page page) {
    synchronized (tables) {
      return Pages.of(
          tables.registries.where(registry -> registry.namespace().equals(namespace)), page);
    }
  }

  @Override
  public Optional<TokenRecord> token(byte[] hash) {
    synchronized (tables) {
      return tables.tokens.where(token -> Arrays.equals(token.hash(), hash)).stream().findFirst();
    }
  }

  @Override
  public List<TokenRecord> tokens() {
    synchronized (tables) {
      return tables.tokens.all();
    }
  }
}
