package io.direktiv.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;

/// What a command reads and writes besides the server.
///
/// @param environment variables by name
record Io(InputStream in, OutputStream out, PrintStream err, Map<String, String> environment) {}
