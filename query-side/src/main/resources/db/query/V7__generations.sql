-- A generation's rule is kept whole, so that one program can feed two generations under different rules.
ALTER TABLE projection_generation MODIFY COLUMN rule TEXT NOT NULL;
-- How a generation came about and what shall become of it. Times are epoch milliseconds.
ALTER TABLE projection_generation ADD COLUMN note VARCHAR(500);
ALTER TABLE projection_generation ADD COLUMN begun BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projection_generation ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projection_generation ADD COLUMN read_from BIGINT;
ALTER TABLE projection_generation ADD COLUMN switching VARCHAR(16) NOT NULL DEFAULT 'BY_HAND';
ALTER TABLE projection_generation ADD COLUMN replaced INT;
ALTER TABLE projection_generation ADD COLUMN kept_until BIGINT;
ALTER TABLE projection_generation ADD COLUMN fed_until BIGINT;
ALTER TABLE projection_generation ADD COLUMN reason VARCHAR(1000);
ALTER TABLE projection_generation ADD COLUMN dropped BOOLEAN NOT NULL DEFAULT FALSE;

-- Partitions of a generation that the fold does not feed, with where they are: a feeder of its own reads the log for
-- them. As soon as it stands where the fold does the row gives way to one in fold_position.
-- first_offset: where it began to read, first_appended: when that record was appended (epoch milliseconds).
CREATE TABLE feed_position (
  fold           VARCHAR(64) NOT NULL,
  generation     INT         NOT NULL,
  part           INT         NOT NULL,
  first_offset   BIGINT      NOT NULL,
  first_appended BIGINT,
  next_offset    BIGINT      NOT NULL,
  PRIMARY KEY (fold, generation, part)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Records that no projection folds: repeats, and what could not be read. Whoever folds the log again passes over them
-- too, and need not remember requests.
CREATE TABLE skipped_record (
  part         INT    NOT NULL,
  first_offset BIGINT NOT NULL,
  next_offset  BIGINT NOT NULL,
  PRIMARY KEY (part, first_offset)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Taken over from an older generation, since the logs it was folded from may be gone.
ALTER TABLE error_log ADD COLUMN carried BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE stats_minute ADD COLUMN carried BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE stats_hour ADD COLUMN carried BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE route_minute ADD COLUMN carried BOOLEAN NOT NULL DEFAULT FALSE;

-- Which projections in which version a process can feed.
ALTER TABLE fold_node ADD COLUMN feeds VARCHAR(1000) NOT NULL DEFAULT '';
