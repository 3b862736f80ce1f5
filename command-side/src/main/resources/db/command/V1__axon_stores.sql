-- What Axon's JPA stores expect; one dialect's DDL that MySQL 8+, MariaDB and H2 (MODE=MySQL) all take.
-- blob holds 64 KB: an aggregate's event or a saga larger than that is refused, never cut.

create table domain_event_entry (
    global_index         bigint       not null auto_increment,
    event_identifier     varchar(255) not null,
    aggregate_identifier varchar(255) not null,
    sequence_number      bigint       not null,
    type                 varchar(255),
    time_stamp           varchar(255) not null,
    payload_type         varchar(255) not null,
    payload_revision     varchar(255),
    payload              blob         not null,
    meta_data            blob,
    primary key (global_index),
    constraint domain_event_entry_id unique (event_identifier),
    constraint domain_event_entry_sequence unique (aggregate_identifier, sequence_number)
);

create table snapshot_event_entry (
    aggregate_identifier varchar(255) not null,
    sequence_number      bigint       not null,
    type                 varchar(255) not null,
    event_identifier     varchar(255) not null,
    time_stamp           varchar(255) not null,
    payload_type         varchar(255) not null,
    payload_revision     varchar(255),
    payload              blob         not null,
    meta_data            blob,
    primary key (aggregate_identifier, sequence_number, type),
    constraint snapshot_event_entry_id unique (event_identifier)
);

create table token_entry (
    processor_name varchar(255) not null,
    segment        integer      not null,
    token          blob,
    token_type     varchar(255),
    timestamp      varchar(255) not null,
    owner          varchar(255),
    primary key (processor_name, segment)
);

create table saga_entry (
    saga_id         varchar(255) not null,
    saga_type       varchar(255),
    revision        varchar(255),
    serialized_saga blob,
    primary key (saga_id)
);

create table association_value_entry (
    id                bigint       not null auto_increment,
    saga_id           varchar(255) not null,
    association_key   varchar(255) not null,
    association_value varchar(255),
    saga_type         varchar(255),
    primary key (id)
);
create index association_value_entry_value on association_value_entry (saga_type, association_key, association_value);
create index association_value_entry_saga on association_value_entry (saga_id, saga_type);

create table dead_letter_entry (
    dead_letter_id       varchar(255) not null,
    processing_group     varchar(255) not null,
    sequence_identifier  varchar(255) not null,
    sequence_index       bigint       not null,
    message_type         varchar(255) not null,
    event_identifier     varchar(255) not null,
    time_stamp           varchar(255) not null,
    payload_type         varchar(255) not null,
    payload_revision     varchar(255),
    payload              blob         not null,
    meta_data            blob,
    type                 varchar(255),
    aggregate_identifier varchar(255),
    sequence_number      bigint,
    token_type           varchar(255),
    token                blob,
    enqueued_at          datetime(6)  not null,
    last_touched         datetime(6),
    processing_started   datetime(6),
    cause_type           varchar(255),
    cause_message        varchar(1023),
    diagnostics          blob,
    primary key (dead_letter_id),
    constraint dead_letter_entry_sequence unique (processing_group, sequence_identifier, sequence_index)
);
