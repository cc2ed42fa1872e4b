CREATE TABLE IF NOT EXISTS "smart_home/homes" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "name" TEXT,
  "owner_id" TEXT,
  "address" TEXT,
  "zone" TEXT,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS "smart_home/homes/ix_owner_id" ON "smart_home/homes" ("owner_id");
