/// The programs that ship, in processes of their own: what tests and benchmarks start, ask, and
/// kill.
package io.direktiv.shipped;
