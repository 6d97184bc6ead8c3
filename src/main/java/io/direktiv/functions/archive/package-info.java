/// Archives in the format of POSIX and GNU `tar`: how files travel into and out of engines, and
/// what the layers of images are.
///
/// [TarReader] reads without trust; [TarWriter] writes. Nothing here touches a disk.
package io.direktiv.functions.archive;
