-- What the domain events say, as it stands. last_sequence is the number of the last event of the row's aggregate
-- that was taken in: the topic may bring an event again, and an older one then changes nothing.
CREATE TABLE alert_rule (
  generation    INT          NOT NULL,
  rule_id       VARCHAR(255) NOT NULL,
  state         VARCHAR(16)  NOT NULL,
  since         DATETIME(3)  NOT NULL,
  changed_at    DATETIME(3)  NOT NULL,
  definition    TEXT         NOT NULL,
  last_sequence BIGINT       NOT NULL,
  PRIMARY KEY (generation, rule_id)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE incident (
  generation      INT          NOT NULL,
  incident_id     VARCHAR(255) NOT NULL,
  rule_id         VARCHAR(255) NOT NULL,
  rule_name       VARCHAR(255) NOT NULL,
  source          VARCHAR(255),
  route           TEXT,
  method          VARCHAR(255),
  measure         VARCHAR(64)  NOT NULL,
  state           VARCHAR(16)  NOT NULL,
  since           DATETIME(3)  NOT NULL,
  over_since      DATETIME(3),
  opens_at        DOUBLE       NOT NULL,
  worst           DOUBLE       NOT NULL,
  acknowledged_by VARCHAR(255),
  last_sequence   BIGINT       NOT NULL,
  PRIMARY KEY (generation, incident_id)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX incident_by_time ON incident (generation, since, incident_id);

CREATE TABLE incident_entry (
  generation   INT          NOT NULL,
  incident_id  VARCHAR(255) NOT NULL,
  sequence     BIGINT       NOT NULL,
  noticed_at   DATETIME(3)  NOT NULL,
  what         VARCHAR(16)  NOT NULL,
  about_minute DATETIME(3),
  measured     DOUBLE,
  who          VARCHAR(255),
  note         TEXT,
  PRIMARY KEY (generation, incident_id, sequence)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
