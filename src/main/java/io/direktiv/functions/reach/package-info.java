/// The ways into running sandboxes.
///
/// [Inside] is what all runtimes give; [NetworkNamespace] is how those do it whose sandboxes are in
/// network namespaces of this machine, and [Relay] how they do it without root: it starts
/// [RelayMain] in the [UserNamespace] around the sandboxes.
package io.direktiv.functions.reach;
