/// Functions: images that are run as sandboxes to do the work of actions.
///
/// Start reading at [Functions], which `execution` calls, and [Runtime], which runs one sandbox and
/// has one implementation per package below. Contracts (how input and result travel) are in
/// `contract` and are written once; `pool` keeps the sandboxes of functions that listen.
package io.direktiv.functions;
