/// The command `direktiv jq`: the jq of this project as a program of its own, with jq's options,
/// messages and exit codes, and as an author's playground.
///
/// Start reading at [JqCommand]. [Arguments] turns a command line into [JqOptions]; [Inputs] reads
/// what a program gets, [Session] evaluates it and prints what comes out, [TestFile] runs files of
/// jq's tests, [StateView] shows what a workflow's state sees. The language itself is
/// [io.direktiv.jq.Query].
package io.direktiv.local.jq;
