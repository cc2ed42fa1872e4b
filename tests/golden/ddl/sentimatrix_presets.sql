CREATE TABLE IF NOT EXISTS "sentimatrix/presets" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "user_id" TEXT,
  "name" TEXT,
  "description" TEXT,
  "config" TEXT,
  "is_system" INTEGER,
  "created_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS "sentimatrix/presets/ix_user_id" ON "sentimatrix/presets" ("user_id");
CREATE UNIQUE INDEX IF NOT EXISTS "sentimatrix/presets/ix_user_id_name" ON "sentimatrix/presets" ("user_id", "name");
CREATE INDEX IF NOT EXISTS "sentimatrix/presets/ix_created_at" ON "sentimatrix/presets" ("created_at");
