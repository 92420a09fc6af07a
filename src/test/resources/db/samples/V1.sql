insert into runs (id, name, state, attempt, spec, code, code_commit, replay_of, priority, cpus, memory, cancel_requested, created_at, started_at, finished_at, isolation, failure_kind, failure_message, failure_operation, failure_location, failure_exit_code, outputs_digest, outputs_files, outputs_bytes)
values ('01k00000000000000000000001', 'of version 1', 'FAILED', 1,
  '{"name":"of version 1","seed":2147483647,"determinism":"strict","runtime":{"type":"python","command":["true"]},"code":"sha256:0000000000000000000000000000000000000000000000000000000000000000","environment":{"name":"default"},"inputs":{},"outputs":["**"],"env":{},"resources":{"gpus":0,"gpuModel":null,"cpus":1,"threads":1,"memory":134217728,"disk":10737418240},"timeout":"PT30M","maxAttempts":1,"priority":0,"project":"default","network":"none","portable":false,"holdSeed":false,"onDrift":"record","audit":false,"trace":null,"labels":{"team":"größe"}}',
  'sha256:0000000000000000000000000000000000000000000000000000000000000000', '0123456789012345678901234567890123456789', null, -5, 1, 134217728, false,
  timestamp with time zone '2026-01-02 03:04:05.678901+00', timestamp with time zone '2026-01-02 03:04:06+00', timestamp with time zone '2026-01-02 03:04:07+00',
  'sandbox', 'EXIT', 'it ended with exit code 3', 'put_', 'train.py:30', 3, 'sha256:1111111111111111111111111111111111111111111111111111111111111111', 2, 5000000000);

insert into runs (id, name, state, attempt, spec, code, replay_of, priority, cpus, memory, cancel_requested, created_at)
values ('01k00000000000000000000002', null, 'QUEUED', 0,
  '{"name":null,"seed":1,"determinism":"off","runtime":{"type":"python","command":["true"]},"code":"sha256:0000000000000000000000000000000000000000000000000000000000000000","environment":{"name":"default"},"inputs":{},"outputs":["**"],"env":{},"resources":{"gpus":0,"gpuModel":null,"cpus":1,"threads":1,"memory":134217728,"disk":10737418240},"timeout":"PT30M","maxAttempts":1,"priority":0,"project":"default","network":"none","portable":false,"holdSeed":false,"onDrift":"record","audit":false,"trace":null,"labels":{}}',
  'sha256:0000000000000000000000000000000000000000000000000000000000000000', '01k00000000000000000000001', 0, 1, 134217728, false,
  timestamp with time zone '2026-01-02 03:04:08+00');

insert into run_labels (run_id, label, content) values ('01k00000000000000000000001', 'team', 'größe');

insert into recipes (run_id, recipe) values
  ('01k00000000000000000000001', '{"mode":"off","seed":2147483647,"threads":1,"portable":false,"holdSeed":false,"onDrift":"record","knobs":[]}'),
  ('01k00000000000000000000002', '{"mode":"off","seed":1,"threads":1,"portable":false,"holdSeed":false,"onDrift":"record","knobs":[]}');

insert into attempts (run_id, number, state, started_at, running_at, ended_at, ending)
values ('01k00000000000000000000001', 1, 'ENDED', timestamp with time zone '2026-01-02 03:04:06+00', timestamp with time zone '2026-01-02 03:04:06.5+00', timestamp with time zone '2026-01-02 03:04:07+00', 'it ended with exit code 3');

insert into idempotency_keys (idempotency_key, request, resource, created_at)
values ('a-key', 'sha256:2222222222222222222222222222222222222222222222222222222222222222', '01k00000000000000000000001', timestamp with time zone '2026-01-02 03:04:05+00');
