-- What became of every line on the log. A fold's rows move with its positions, in the same transaction;
-- partition first: a writer locks its partition's rows and no others.
CREATE TABLE ledger (
  part       INT         NOT NULL,
  fold       VARCHAR(64) NOT NULL,
  generation INT         NOT NULL,
  bucket     DATETIME    NOT NULL,
  source     VARCHAR(64) NOT NULL,
  entry      VARCHAR(64) NOT NULL,
  line_count BIGINT      NOT NULL,
  PRIMARY KEY (part, fold, generation, bucket, source, entry)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ledger_by_time ON ledger (bucket);

-- Which body a request had, to tell a key used twice from a retry. Null for what was folded before.
ALTER TABLE request_memory ADD COLUMN body VARCHAR(16);

-- As long as the receiver takes them; a longer one than its column would stop the fold.
ALTER TABLE error_log MODIFY COLUMN trace_id VARCHAR(255);

-- The processes that share the fold.
CREATE TABLE fold_node (
  node VARCHAR(36)  NOT NULL,
  seen TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (node)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
