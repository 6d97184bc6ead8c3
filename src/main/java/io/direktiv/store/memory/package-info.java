/// The store in memory: the model of what a store does, for tests, the simulation and short runs.
///
/// Start reading at [MemoryStore]. It is written for plainness: every query scans, and records pass
/// through the codecs, so that what it gives back is what a disk would. Nothing survives it.
package io.direktiv.store.memory;
