/// Images without a container engine: from a reference to an unpacked root file system.
///
/// `registry` fetches manifests and blobs, `unpack` makes a folder of layers. Everything that comes
/// from a registry or stands in a layer is hostile until it was checked: sizes, digests, paths,
/// links.
package io.direktiv.functions.image;
