create table diffs (
  id varchar(26) not null primary key,
  left_run varchar(26) not null references runs (id),
  right_run varchar(26) not null references runs (id),
  comparison varchar(71) not null,
  compare varchar(40000) not null,
  state varchar(16) not null,
  verdict varchar(32),
  result varchar(71),
  created_at timestamp(6) with time zone not null,
  constraint diffs_once unique (left_run, right_run, comparison)
);

create table replays (
  id varchar(26) not null primary key,
  original varchar(26) not null references runs (id),
  run varchar(26) not null unique references runs (id),
  compare varchar(40000) not null,
  state varchar(16) not null,
  verdict varchar(32),
  diff varchar(26) references diffs (id),
  created_at timestamp(6) with time zone not null
);

create index replays_of on replays (original, id);
