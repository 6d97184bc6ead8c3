/// Modules from files: what `import` finds in folders.
///
/// [ModuleFolders] is the only class. It is a room of its own because the rest of jq knows no
/// files.
package io.direktiv.jq.modules;
