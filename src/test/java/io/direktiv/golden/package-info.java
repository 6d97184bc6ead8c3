/// The golden cases: the language's specification as YAML that a workflow author can read.
///
/// `golden/workflows` holds cases, `golden/definitions` bad definitions with what is said of them,
/// `golden/rules.yaml` the rules that they prove; the form of a case is described in
/// `golden/README.md`. The same cases run on the pure engine ([EngineWorld]) and on a running
/// server ([ServerWorld]).
package io.direktiv.golden;
