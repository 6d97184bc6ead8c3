/// The program `direkcli`: commands of a user of a server.
///
/// Start reading at [Direkcli]. Each group of commands is one class ([WorkflowCommands] and so on)
/// whose methods are the commands; they call the server through a [Session] and print through
/// [Output]. Names, lines and tables are those of Direktiv v0.1.6, with more commands and options.
///
/// The server decides everything; nothing here knows what a workflow means.
package io.direktiv.cli;
