/// Kills a busy server again and again and checks what it kept.
///
/// Start reading at [CrashRun]; [Workload] says what is started and what must come out of it.
/// `CrashTest` kills the server a few times, `bench.Soak` as often as one likes.
package io.direktiv.crash;
