/// Benchmarks: what `./dev bench` runs, and the promises of `SPECIFICATION.md` are measured with.
///
/// Start reading at [Bench]. Each benchmark measures, prints what it saw, and writes a page in
/// `docs/benchmarks`; figures that are compared with each other are taken in one run.
package io.direktiv.bench;
