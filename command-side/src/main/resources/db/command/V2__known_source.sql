-- The sources that have a name of their own; hex of the name's UTF-8, since a collation would take 'Shop' for 'shop'.
create table known_source (
    name_hex varchar(512) not null,
    primary key (name_hex)
);
