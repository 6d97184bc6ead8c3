-- Lists and their totals are read from these indexes alone.
DROP INDEX instance_by_workflow;
CREATE INDEX instance_by_workflow ON instance (namespace, workflow, ord, status, began_at);
CREATE INDEX instance_by_namespace ON instance (namespace, ord, status, began_at);
-- An attribute that an event must have, as `name=value`; empty when any event of the type may fit.
CREATE TABLE listener_key (
  namespace TEXT NOT NULL, type TEXT NOT NULL, attribute TEXT NOT NULL, listener TEXT NOT NULL,
  PRIMARY KEY (namespace, type, attribute, listener)
) WITHOUT ROWID;
INSERT INTO listener_key (namespace, type, attribute, listener)
  SELECT namespace, type, '', listener FROM listener_type;
CREATE INDEX listener_key_by_listener ON listener_key (listener);
DROP TABLE listener_type;
