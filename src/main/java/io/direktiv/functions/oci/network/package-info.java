/// The way out of sandboxes: [Networks] opens the [Network] that this process has the rights for
/// when the first sandbox wants one, and [Resolver] says which name servers they are told of.
///
/// [Bridge] is for root, [UserNetwork] for everybody else. What a sandbox must not reach is
/// [Refused] by both. Each [Port] of a bridge is made over [Netlink], without programs.
package io.direktiv.functions.oci.network;
