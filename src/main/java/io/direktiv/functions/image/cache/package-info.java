/// What is kept of images, in a folder that several processes may use at one time: blobs as
/// registries sent them, and unpacked roots.
///
/// Start reading at [Cache], which knows the folder's layout. Everything appears complete, by a
/// rename; what a dead process left half-done is removed by the next one. A root that somebody
/// holds a [Lease] of is not removed, by no process.
package io.direktiv.functions.image.cache;
