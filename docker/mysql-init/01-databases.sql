-- Run once, when the volume is empty: a database a side, both owned by the applications' user.
CREATE DATABASE IF NOT EXISTS logfold_command CHARACTER SET utf8mb4;
CREATE DATABASE IF NOT EXISTS logfold_query CHARACTER SET utf8mb4;
GRANT ALL ON logfold_command.* TO 'logfold'@'%';
GRANT ALL ON logfold_query.* TO 'logfold'@'%';
