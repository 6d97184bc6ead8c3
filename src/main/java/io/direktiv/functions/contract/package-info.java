/// How a function's input and result travel: one contract for each kind of image.
///
/// [FilesContract] is that of v0.1, [HttpContract] that of v0.2, [StdioContract] that of images
/// that nobody wrote for us. What they have in common is in [Outcomes]; [CallLog] bounds what a
/// call may log.
package io.direktiv.functions.contract;
