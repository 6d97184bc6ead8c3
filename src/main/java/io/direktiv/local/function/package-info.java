/// The command `direktiv function`: what an author of functions needs on one machine, without a
/// server.
package io.direktiv.local.function;
