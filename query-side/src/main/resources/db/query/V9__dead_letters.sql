-- Records that could not be read, and those that a projection could not fold: kept aside, with what was wrong with
-- them. Written in the transaction of the fold that passed over them. A record is unreadable for the fold `requests`.
CREATE TABLE dead_letter (
  id           BIGINT        NOT NULL AUTO_INCREMENT,
  fold         VARCHAR(64)   NOT NULL,
  generation   INT           NOT NULL,
  topic        VARCHAR(249)  NOT NULL,
  part         INT           NOT NULL,
  log_offset   BIGINT        NOT NULL,
  appended     DATETIME(3)   NOT NULL,
  headers      MEDIUMTEXT    NOT NULL,
  bytes        MEDIUMBLOB,
  size         BIGINT        NOT NULL,
  error        VARCHAR(1000) NOT NULL,
  state        VARCHAR(16)   NOT NULL,
  parked_at    DATETIME(3)   NOT NULL,
  changed_at   DATETIME(3)   NOT NULL,
  -- The line that it turned out to be when it was retried: no second copy of it may count.
  request      VARCHAR(200),
  request_line INT,
  PRIMARY KEY (id)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX dead_letter_once ON dead_letter (part, log_offset, fold, generation);
CREATE INDEX dead_letter_by_state ON dead_letter (state, fold, id);
CREATE INDEX dead_letter_by_fold ON dead_letter (fold, id);
CREATE INDEX dead_letter_by_request ON dead_letter (request, request_line);
