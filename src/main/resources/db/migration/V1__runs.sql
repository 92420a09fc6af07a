create table idempotency_keys (
  idempotency_key varchar(128) not null primary key,
  request varchar(71) not null,
  resource varchar(26) not null,
  created_at timestamp(6) with time zone not null
);

create table runs (
  id varchar(26) not null primary key,
  name varchar(200),
  state varchar(16) not null,
  attempt integer not null,
  spec varchar(1000000) not null,
  code varchar(71) not null,
  code_commit varchar(64),
  replay_of varchar(26) references runs (id),
  priority integer not null,
  cpus integer not null,
  memory bigint not null,
  cancel_requested boolean not null,
  created_at timestamp(6) with time zone not null,
  started_at timestamp(6) with time zone,
  finished_at timestamp(6) with time zone,
  isolation varchar(16),
  failure_kind varchar(32),
  failure_message varchar(4000),
  failure_operation varchar(200),
  failure_location varchar(1200),
  failure_exit_code integer,
  outputs_digest varchar(71),
  outputs_files integer,
  outputs_bytes bigint
);

create index runs_waiting on runs (state, priority desc, id);

create table run_labels (
  run_id varchar(26) not null references runs (id),
  label varchar(63) not null,
  content varchar(200) not null,
  primary key (run_id, label)
);

create index run_labels_content on run_labels (label, content);

create table recipes (
  run_id varchar(26) not null primary key references runs (id),
  recipe varchar(1000000) not null
);

create table attempts (
  run_id varchar(26) not null references runs (id),
  number integer not null,
  state varchar(16) not null,
  started_at timestamp(6) with time zone not null,
  running_at timestamp(6) with time zone,
  ended_at timestamp(6) with time zone,
  ending varchar(4000),
  primary key (run_id, number)
);
