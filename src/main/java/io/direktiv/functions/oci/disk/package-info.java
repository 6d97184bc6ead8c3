/// Disks of a limited size for what sandboxes write.
///
/// [Disks] gives and removes them; everything else is how: an empty file system is made once
/// ([Blank]), copied for each sandbox, and mounted by the kernel's loop devices ([Calls]).
package io.direktiv.functions.oci.disk;
