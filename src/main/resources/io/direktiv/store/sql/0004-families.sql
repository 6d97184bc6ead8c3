-- The instance above all callers of a subflow, so that its living subflows can be counted.
ALTER TABLE instance ADD COLUMN root TEXT;
CREATE INDEX instance_living ON instance (root) WHERE root IS NOT NULL AND ended_at IS NULL;
