CREATE TABLE IF NOT EXISTS "system/tallies" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "until" INTEGER,
  "counts" BLOB,
  "extra" TEXT
) STRICT;
