/// What execution keeps in memory of what the store holds, bounded by weight.
///
/// Start reading at [DefinitionCache], which keeps workflows as they were read. When something is
/// to be kept or forgotten is left to `execution`.
package io.direktiv.execution.cache;
