-- A fold locks the positions of its own partition (WHERE part = ? FOR UPDATE). With part last in the
-- key that was a scan of the table, which locks every partition's rows: the segments waited for each other.
ALTER TABLE fold_position DROP PRIMARY KEY;
ALTER TABLE fold_position ADD PRIMARY KEY (part, fold, generation);
