alter table runs add column project varchar(63) default 'default' not null;
alter table runs add column project_lane bigint default 0 not null;
alter table runs add column gpus integer default 0 not null;
alter table runs add column gpu_model varchar(100);
alter table runs add column timeout_seconds bigint default 2592000 not null;
alter table runs add column unverified_on_gpu boolean default false not null;

alter table attempts add column gpus varchar(40000);

create index runs_of_projects on runs (state, priority desc, project_lane, id);
