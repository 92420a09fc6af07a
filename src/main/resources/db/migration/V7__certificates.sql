alter table replays add column kind varchar(16) default 'replay' not null;
alter table replays add column busy boolean default false not null;
alter table replays add column ran_beside varchar(32);
alter table replays add column machine varchar(40000);
alter table replays add column reason varchar(2000);
alter table replays add column control varchar(4000);

create table costs (
  id varchar(26) not null primary key,
  original varchar(26) not null references runs (id),
  rounds integer not null,
  arms varchar(64) not null,
  state varchar(16) not null,
  reason varchar(2000),
  created_at timestamp(6) with time zone not null
);

create index costs_of on costs (original, id);

create table cost_runs (
  cost_id varchar(26) not null references costs (id),
  position integer not null,
  run varchar(26) not null unique references runs (id),
  steps bigint,
  step_nanos bigint,
  run_nanos bigint,
  ran_beside varchar(32),
  primary key (cost_id, position)
);
