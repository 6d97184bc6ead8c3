/// Evaluates most queries fast: a tree of small objects that call each other on the host's stack.
///
/// Start reading at [Code]. [Translator] makes the tree, with the help of [Names] and [Intrinsics],
/// and says no where a query needs what this cannot do; [Place] is for what stands left of `|=`.
/// What turns out too deep for the host's stack while it runs, or fails, is given up, and the
/// machine, which is the oracle of all this, evaluates the query from the start.
package io.direktiv.jq.direct;
