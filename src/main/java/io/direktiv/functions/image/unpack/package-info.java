/// Layers of images become a folder of files. A layer is hostile input: whatever stands in it,
/// nothing is written, linked, read or removed outside the folder.
///
/// Start reading at [RootWriter], which applies layer after layer, then [Paths], through which
/// every name goes. [LayerStream] finds out how a layer is compressed.
package io.direktiv.functions.image.unpack;
