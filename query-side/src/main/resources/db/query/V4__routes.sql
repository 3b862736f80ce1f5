-- Requests by route. Partition first: the rows of several writers are not neighbours, and none waits for
-- another's, which an upsert would. No trailing blanks in the texts of the keys: the collation would not tell them apart.
CREATE TABLE route_minute (
  generation     INT          NOT NULL,
  bucket         DATETIME     NOT NULL,
  source         VARCHAR(64)  NOT NULL,
  route          VARCHAR(200) NOT NULL,
  method         VARCHAR(16)  NOT NULL,
  status_class   INT          NOT NULL,
  part           INT          NOT NULL,
  requests       BIGINT       NOT NULL,
  statuses       TEXT         NOT NULL,
  latency_sum    BIGINT       NOT NULL,
  latency_max    BIGINT       NOT NULL,
  latency_sketch BLOB         NOT NULL,
  PRIMARY KEY (part, generation, bucket, source, route, method, status_class)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX route_minute_by_time ON route_minute (generation, bucket);

-- Which routes have a name of their own: the first ones of a source in each partition, up to the cap.
-- Partition first: a writer locks its partition's rows and no others.
CREATE TABLE route_known (
  part       INT          NOT NULL,
  generation INT          NOT NULL,
  source     VARCHAR(64)  NOT NULL,
  route      VARCHAR(200) NOT NULL,
  PRIMARY KEY (part, generation, source, route)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
