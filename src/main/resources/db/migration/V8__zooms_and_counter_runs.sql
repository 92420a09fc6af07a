alter table diffs add column confirmed varchar(40000);

create table zooms (
  id varchar(26) not null primary key references diffs (id),
  step bigint not null,
  process varchar(64) not null,
  left_run varchar(26) not null unique references runs (id),
  right_run varchar(26) not null unique references runs (id),
  state varchar(16) not null,
  outcome varchar(32),
  result varchar(1000000),
  created_at timestamp(6) with time zone not null
);

create table counter_studies (
  id varchar(26) not null primary key references diffs (id),
  max_runs integer not null,
  changes varchar(1000000) not null,
  left_out integer not null,
  state varchar(16) not null,
  outcome varchar(32),
  statement varchar(40000),
  created_at timestamp(6) with time zone not null
);

create table counter_runs (
  study varchar(26) not null references counter_studies (id),
  position integer not null,
  run varchar(26) not null unique references runs (id),
  base varchar(8) not null,
  change_index integer,
  outcome varchar(32),
  reason varchar(2000),
  diff varchar(26) references diffs (id),
  primary key (study, position)
);
