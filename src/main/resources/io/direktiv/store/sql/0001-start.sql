-- Times are microseconds since 1970-01-01 UTC.
CREATE TABLE namespace (
  name TEXT PRIMARY KEY, created_at INTEGER NOT NULL, wrapped_key BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE workflow (
  uid TEXT PRIMARY KEY, namespace TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,
  active INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  description TEXT NOT NULL, log_to_events TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX workflow_by_id ON workflow (namespace, id);
CREATE TABLE revision (
  uid TEXT NOT NULL, revision INTEGER NOT NULL, source TEXT NOT NULL, PRIMARY KEY (uid, revision)
) WITHOUT ROWID;
CREATE TABLE instance (
  ord INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, namespace TEXT NOT NULL,
  workflow TEXT NOT NULL, workflow_uid TEXT NOT NULL, revision INTEGER NOT NULL, status TEXT NOT NULL, ready INTEGER NOT NULL,
  sequence INTEGER NOT NULL, began_at INTEGER NOT NULL, ended_at INTEGER, invoker TEXT NOT NULL,
  error_code TEXT, record BLOB, is_large INTEGER NOT NULL
);
CREATE UNIQUE INDEX instance_by_id ON instance (id);
CREATE INDEX instance_by_workflow ON instance (namespace, workflow, ord);
CREATE INDEX instance_by_uid ON instance (workflow_uid, revision);
CREATE INDEX instance_ended ON instance (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX instance_ready ON instance (id) WHERE ready = 1;
CREATE TABLE instance_record (id TEXT PRIMARY KEY, record BLOB NOT NULL);
CREATE TABLE start_key (
  namespace TEXT NOT NULL, start_key TEXT NOT NULL, instance TEXT NOT NULL,
  PRIMARY KEY (namespace, start_key)
) WITHOUT ROWID;
CREATE INDEX start_key_by_instance ON start_key (instance);
CREATE TABLE history (
  ord INTEGER PRIMARY KEY, instance TEXT NOT NULL, visit_count INTEGER NOT NULL,
  log_count INTEGER NOT NULL, visits TEXT NOT NULL, logs TEXT NOT NULL
);
CREATE INDEX history_by_instance ON history (instance, ord);
CREATE TABLE action (
  id TEXT PRIMARY KEY, instance TEXT NOT NULL, kind TEXT NOT NULL, is_async INTEGER NOT NULL,
  workflow TEXT NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL, data TEXT,
  depth INTEGER NOT NULL, outcome TEXT
) WITHOUT ROWID;
CREATE INDEX action_by_instance ON action (instance);
CREATE TABLE timer (
  instance TEXT NOT NULL, name TEXT NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (instance, name)
) WITHOUT ROWID;
CREATE INDEX timer_by_due ON timer (due, instance, name);
CREATE TABLE listener (
  id TEXT PRIMARY KEY, namespace TEXT NOT NULL, ord INTEGER NOT NULL, created_at INTEGER NOT NULL,
  instance TEXT, step INTEGER, workflow TEXT, filters TEXT NOT NULL, is_all INTEGER NOT NULL,
  lifespan TEXT, correlate TEXT NOT NULL, sets TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX listener_by_namespace ON listener (namespace, ord);
CREATE INDEX listener_by_instance ON listener (instance);
CREATE TABLE listener_type (
  namespace TEXT NOT NULL, type TEXT NOT NULL, listener TEXT NOT NULL,
  PRIMARY KEY (namespace, type, listener)
) WITHOUT ROWID;
CREATE INDEX listener_type_by_listener ON listener_type (listener);
CREATE TABLE event (
  ord INTEGER PRIMARY KEY, namespace TEXT NOT NULL, source TEXT NOT NULL, event_id TEXT NOT NULL,
  received_at INTEGER NOT NULL, event TEXT NOT NULL, delivered INTEGER NOT NULL, caused TEXT NOT NULL
);
CREATE UNIQUE INDEX event_by_id ON event (namespace, source, event_id);
CREATE INDEX event_by_namespace ON event (namespace, ord);
CREATE INDEX event_by_time ON event (received_at) WHERE delivered = 1;
CREATE INDEX event_undelivered ON event (ord) WHERE delivered = 0;
CREATE TABLE variable (
  namespace TEXT NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
  mime_type TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  PRIMARY KEY (namespace, owner, name)
);
CREATE TABLE secret (
  namespace TEXT NOT NULL, name TEXT NOT NULL, sealed BLOB NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (namespace, name)
) WITHOUT ROWID;
CREATE TABLE registry (
  namespace TEXT NOT NULL, url TEXT NOT NULL, sealed BLOB NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (namespace, url)
) WITHOUT ROWID;
CREATE TABLE idempotency_key (
  namespace TEXT NOT NULL, name TEXT NOT NULL, body_hash BLOB NOT NULL, instance TEXT NOT NULL,
  used_at INTEGER NOT NULL, PRIMARY KEY (namespace, name)
) WITHOUT ROWID;
CREATE INDEX idempotency_key_by_time ON idempotency_key (used_at);
CREATE TABLE token (
  name TEXT PRIMARY KEY, hash BLOB NOT NULL, namespace TEXT, created_at INTEGER NOT NULL,
  expires_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX token_by_hash ON token (hash);
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('order', 0);
