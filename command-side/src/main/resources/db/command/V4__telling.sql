-- What is told to somebody outside; a row is an event of an incident and a target of its rule.
create table delivery (
    id              varchar(36)   not null,
    incident_id     varchar(255)  not null,
    sequence_number bigint        not null,
    what            varchar(10)   not null,
    kind            varchar(10)   not null,
    url             varchar(2000) not null,
    body            mediumblob    not null,
    state           varchar(10)   not null,
    attempts        integer       not null,
    next_attempt    datetime(6)   not null,
    give_up_at      datetime(6)   not null,
    last_error      varchar(500),
    created         datetime(6)   not null,
    delivered       datetime(6),
    primary key (id)
) default charset = utf8mb4 collate = utf8mb4_bin;
create index delivery_due on delivery (state, next_attempt);
create index delivery_created on delivery (state, created);
create index delivery_incident on delivery (incident_id, sequence_number);
