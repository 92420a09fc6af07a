alter table runs add column environment_lock varchar(71);

alter table attempts add column environment_key varchar(64);
alter table attempts add column environment_contents varchar(71);
alter table attempts add column environment_built_at timestamp(6) with time zone;

create index runs_of_locks on runs (environment_lock, state);
