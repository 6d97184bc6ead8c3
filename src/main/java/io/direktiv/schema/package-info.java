/// JSON Schema: a schema compiled once, values checked against it.
///
/// Start reading at [Schema]. Never fetches anything: a reference outside the schema is a problem.
package io.direktiv.schema;
