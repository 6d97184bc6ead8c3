/// Functions that listen, kept for more than one call.
///
/// ```
///   call ─▶ Servers.enter ─▶ a Server with a free place, else a new one ─▶ Visit
///   answer ─▶ Visit.leave ─▶ idle ─▶ frozen ─▶ called again, or ended after a while
///   keeper: freezes, ends what nobody calls, holds up the minimum that a workflow asks for
/// ```
///
/// A [Server] serves one function of one workflow of one namespace, and as long as it runs nothing
/// of it changes: another definition, image, size or network is another server.
package io.direktiv.functions.pool;
