/// What a machine lets a user do that is not root: [io.direktiv.functions.oci.user.Kernel] says
/// what keeps it from making sandboxes.
package io.direktiv.functions.oci.user;
