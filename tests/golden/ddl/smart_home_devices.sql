CREATE TABLE IF NOT EXISTS "smart_home/devices" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "home_id" TEXT,
  "name" TEXT,
  "model" TEXT,
  "firmware" TEXT,
  "is_active" INTEGER,
  "last_seen_at" INTEGER,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS "smart_home/devices/ix_home_id" ON "smart_home/devices" ("home_id");
