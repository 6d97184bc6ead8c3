/// Runs sandboxes with `runc` or `crun`, programs that make one container and end: no daemon, no
/// engine.
///
/// Start reading at [OciRuntime], then [SandboxRun], which is the life of one sandbox. A sandbox is
/// a [Bundle] (what the program reads) over a [Workspace] (an overlay on the image's read-only
/// root, and the data folder), in a [ControlGroup], with a way out from `network`; what depends on
/// whether this process is root is [Rights]. [Tool] is the program, found and tried by
/// [ToolFinder]; [Linux] has the system calls that the JDK lacks; [Sweeper] removes what a crash
/// left.
package io.direktiv.functions.oci;
