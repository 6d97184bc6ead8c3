/// The store in SQL: SQLite in a folder, written by one thread that groups commits.
///
/// Start reading at [SqlStore]; [Committer] is the writing thread, [ChangeWriter] knows the
/// statements of every change, the `Sql…` classes read. Only this package speaks JDBC.
package io.direktiv.store.sql;
