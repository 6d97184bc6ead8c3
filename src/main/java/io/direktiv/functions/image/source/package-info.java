/// Where images come from: a repository of a registry, or something that lies on this machine.
///
/// Start reading at [Source]; [ImageReference] says which one a text means.
package io.direktiv.functions.image.source;
