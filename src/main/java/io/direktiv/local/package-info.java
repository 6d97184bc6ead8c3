/// Commands that need no server: run a workflow file, check definitions, manage images.
///
/// Start reading at [LocalRun] and [Validation]. They print nothing themselves but to the streams
/// they are given; [RunCommand] and [ValidateCommand] parse the options.
package io.direktiv.local;
