CREATE TABLE IF NOT EXISTS "sentimatrix/api_keys" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "user_id" TEXT,
  "provider" TEXT,
  "label" TEXT,
  "key" TEXT,
  "last_used_at" INTEGER,
  "created_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS "sentimatrix/api_keys/ix_user_id" ON "sentimatrix/api_keys" ("user_id");
CREATE INDEX IF NOT EXISTS "sentimatrix/api_keys/ix_user_id_provider" ON "sentimatrix/api_keys" ("user_id", "provider");
