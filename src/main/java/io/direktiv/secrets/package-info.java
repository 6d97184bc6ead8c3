/// Secrets: encrypts what the store keeps of them, and gives them out for one evaluation.
///
/// Start reading at [Vault]. The master key comes from the environment or a file outside the data
/// folder; each namespace has a data key wrapped by it.
package io.direktiv.secrets;
