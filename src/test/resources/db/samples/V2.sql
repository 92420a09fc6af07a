insert into diffs (id, left_run, right_run, comparison, compare, state, verdict, result, created_at)
values ('01k00000000000000000000003', '01k00000000000000000000001', '01k00000000000000000000002', 'sha256:3333333333333333333333333333333333333333333333333333333333333333',
  '{"ulps":0,"rtol":0.0,"atol":0.0,"ignore":[]}', 'DONE', 'INCONCLUSIVE', null, timestamp with time zone '2026-01-02 03:04:09+00');

insert into replays (id, original, run, compare, state, verdict, diff, created_at)
values ('01k00000000000000000000004', '01k00000000000000000000001', '01k00000000000000000000002', '{"ulps":0,"rtol":0.0,"atol":0.0,"ignore":[]}',
  'DONE', 'INCONCLUSIVE', '01k00000000000000000000003', timestamp with time zone '2026-01-02 03:04:10+00');
