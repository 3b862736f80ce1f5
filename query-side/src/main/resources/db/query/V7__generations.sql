-- A generation's rule is kept whole, so that one program can feed two generations under different rules.
ALTER TABLE projection_generation MODIFY COLUMN rule TEXT NOT NULL;
