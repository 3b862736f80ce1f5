-- What the last transactions added to rows of route_minute that are not written yet: a record each, a few bytes a log,
-- and which minutes it is about. Partition first: the records of several writers are not neighbours.
CREATE TABLE route_journal (
  part         INT        NOT NULL,
  generation   INT        NOT NULL,
  number       INT        NOT NULL,
  first_bucket DATETIME   NOT NULL,
  last_bucket  DATETIME   NOT NULL,
  additions    MEDIUMBLOB NOT NULL,
  PRIMARY KEY (part, generation, number)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
