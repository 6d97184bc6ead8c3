/// The server: builds everything in the order of the arrows, starts it, and stops it in reverse.
///
/// Start reading at [Server]. Settings come from flags, the environment and a file, see [Settings].
package io.direktiv.server;
