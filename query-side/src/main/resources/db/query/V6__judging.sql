-- Alert rules are judged minute by minute, by one process at a time: whoever holds the lock of the row.
CREATE TABLE judging (
  id           INT NOT NULL,
  judged_until DATETIME,
  PRIMARY KEY (id)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO judging (id, judged_until) VALUES (1, NULL);

-- How rules stand towards scopes, as far as anything is open or about to be. The key is a digest of the
-- scope: a route alone would be too long for a key.
CREATE TABLE judging_state (
  rule_id      VARCHAR(64)   NOT NULL,
  scope_digest CHAR(64)      NOT NULL,
  source       VARCHAR(64),
  route        VARCHAR(2048),
  method       VARCHAR(32),
  measure      VARCHAR(64)   NOT NULL,
  rule_digest  CHAR(64)      NOT NULL,
  is_open      BOOLEAN       NOT NULL,
  in_a_row     INT           NOT NULL,
  worst        DOUBLE        NOT NULL,
  PRIMARY KEY (rule_id, scope_digest)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What was found and is not yet on its topic. Found once, told until it is there: a minute that was
-- judged again after a crash could find something else, since late logs had come.
CREATE TABLE judging_finding (
  number       BIGINT       NOT NULL AUTO_INCREMENT,
  payload_type VARCHAR(255) NOT NULL,
  revision     VARCHAR(32),
  payload      MEDIUMBLOB   NOT NULL,
  PRIMARY KEY (number)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
