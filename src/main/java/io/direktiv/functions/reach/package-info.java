/// The ways into running sandboxes.
///
/// [Inside] is what all runtimes give; [NetworkNamespace] is how those do it whose sandboxes are in
/// network namespaces of this machine.
package io.direktiv.functions.reach;
