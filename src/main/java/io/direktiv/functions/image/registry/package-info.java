/// Speaks to registries (OCI distribution specification, Docker Registry HTTP API V2): who may pull
/// what, which manifest a tag names, and the bytes of blobs.
///
/// Start reading at [Registry], the client of one repository. [Exchange] sends single requests and
/// knows where credentials may go, [Logins] gets tokens, [Download] fetches a blob and goes on
/// where it was cut off.
package io.direktiv.functions.image.registry;
