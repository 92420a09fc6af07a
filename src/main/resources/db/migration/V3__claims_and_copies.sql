create index idempotency_keys_of on idempotency_keys (resource);
