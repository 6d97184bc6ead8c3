package io.direktiv.store.memory;

import io.direktiv.store.Store;
import io.direktiv.store.StoreContract;

/// The store in memory keeps the contract.
final class MemoryStoreTest extends StoreContract {
  @Override
  protected Store open() {
    return new MemoryStore();
  }
}
