/// What goes into a sandbox's data folder and comes out of it.
///
/// [GivenFile] is what goes in; [DataFolder] is the folder where it lies on this machine. The
/// variables of a function travel through it: [VariableFiles] makes files of them, [LeftVariables]
/// makes variables of what a function left.
package io.direktiv.functions.data;
