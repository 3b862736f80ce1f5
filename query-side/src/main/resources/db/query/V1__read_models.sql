-- Binary collation: 'Shop' and 'shop' are two sources, two keys.

-- Where Axon's processors keep which part of the log to read next.
CREATE TABLE token_entry (
  processor_name VARCHAR(255) NOT NULL,
  segment        INT          NOT NULL,
  token          BLOB,
  token_type     VARCHAR(255),
  timestamp      VARCHAR(255) NOT NULL,
  owner          VARCHAR(255),
  PRIMARY KEY (processor_name, segment)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A projection's tables hold one or more generations; "live" is the one that answers.
CREATE TABLE projection_generation (
  name    VARCHAR(64)  NOT NULL,
  number  INT          NOT NULL,
  version INT          NOT NULL,
  rule    VARCHAR(255) NOT NULL,
  state   VARCHAR(16)  NOT NULL,
  PRIMARY KEY (name, number)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Partition first: a writer locks its partition's rows and no others.
-- What each fold has taken in: everything of a partition below next_offset, in the rows' own transaction.
CREATE TABLE fold_position (
  fold        VARCHAR(64) NOT NULL,
  generation  INT         NOT NULL,
  part        INT         NOT NULL,
  next_offset BIGINT      NOT NULL,
  PRIMARY KEY (part, fold, generation)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Which lines of which requests were folded: one row a numbered stream, kept for ever;
-- one row an opaque key, kept for a while.
CREATE TABLE request_memory (
  part        INT          NOT NULL,
  stream      VARCHAR(210) NOT NULL,
  sequence    BIGINT       NOT NULL,
  appended    BIGINT       NOT NULL,
  folded      BLOB         NOT NULL,
  PRIMARY KEY (part, stream)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX request_memory_by_age ON request_memory (part, sequence, appended);

CREATE TABLE error_log (
  generation     INT           NOT NULL,
  time           DATETIME(3)   NOT NULL,
  id             BIGINT        NOT NULL,
  ip             VARCHAR(255)  NOT NULL,
  method         VARCHAR(32)   NOT NULL,
  path           VARCHAR(2048) NOT NULL,
  status         INT           NOT NULL,
  latency_micros BIGINT        NOT NULL,
  source         VARCHAR(64)   NOT NULL,
  bytes          BIGINT,
  user_agent     VARCHAR(1024),
  referrer       VARCHAR(1024),
  host           VARCHAR(255),
  protocol       VARCHAR(32),
  route          VARCHAR(2048),
  trace_id       VARCHAR(128),
  PRIMARY KEY (generation, time, id)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX error_log_by_status ON error_log (generation, status, time, id);

CREATE TABLE stats_minute (
  generation     INT         NOT NULL,
  bucket         DATETIME    NOT NULL,
  source         VARCHAR(64) NOT NULL,
  part           INT         NOT NULL,
  requests       BIGINT      NOT NULL,
  statuses       TEXT        NOT NULL,
  latency_sum    BIGINT      NOT NULL,
  latency_max    BIGINT      NOT NULL,
  latency_sketch BLOB        NOT NULL,
  ip_sketch      BLOB        NOT NULL,
  PRIMARY KEY (generation, bucket, source, part)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE stats_hour (
  generation     INT         NOT NULL,
  bucket         DATETIME    NOT NULL,
  source         VARCHAR(64) NOT NULL,
  part           INT         NOT NULL,
  requests       BIGINT      NOT NULL,
  statuses       TEXT        NOT NULL,
  latency_sum    BIGINT      NOT NULL,
  latency_max    BIGINT      NOT NULL,
  latency_sketch BLOB        NOT NULL,
  ip_sketch      BLOB        NOT NULL,
  PRIMARY KEY (generation, bucket, source, part)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
