-- How many rows of error_log each minute, hour and day has: counting them one by one took longer the more there were.
-- A generation that was begun before this table has none.
CREATE TABLE error_count (
  generation   INT         NOT NULL,
  span_minutes INT         NOT NULL,
  bucket       DATETIME    NOT NULL,
  source       VARCHAR(64) NOT NULL,
  status       INT         NOT NULL,
  part         INT         NOT NULL,
  errors       BIGINT      NOT NULL,
  PRIMARY KEY (generation, span_minutes, bucket, source, status, part)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
