/// Runs instances: takes wakes, lets `engine` decide, commits, and then performs the effects.
///
/// Start reading at [Execution], the face that doors use. One instance's wakes are handled one at a
/// time; nothing is visible to anybody before the commit that contains it.
package io.direktiv.execution;
