-- Events are delivered namespace by namespace.
DROP INDEX event_undelivered;
CREATE INDEX event_undelivered ON event (namespace, ord) WHERE delivered = 0;
