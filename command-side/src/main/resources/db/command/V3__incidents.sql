-- An event holds a rule with ten targets and a crossing with its samples, which may not fit into a blob's 64 KB.
alter table domain_event_entry modify payload mediumblob not null;
alter table snapshot_event_entry modify payload mediumblob not null;

-- Deadlines, as db-scheduler expects them; times are UTC.
create table scheduled_tasks (
    task_name            varchar(100) not null,
    task_instance        varchar(100) not null,
    task_data            blob,
    execution_time       datetime(6)  not null,
    picked               boolean      not null,
    picked_by            varchar(100),
    last_success         datetime(6),
    last_failure         datetime(6),
    consecutive_failures integer,
    last_heartbeat       datetime(6),
    version              bigint       not null,
    priority             smallint,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_execution on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);

-- Up to which minute the findings about an alarm were handled; SHA-256 of rule and scope, since those are long and a collation would take 'Shop' for 'shop'.
create table handled_minute (
    alarm_hash varchar(64) not null,
    minute_utc datetime    not null,
    primary key (alarm_hash)
);
