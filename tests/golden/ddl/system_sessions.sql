CREATE TABLE IF NOT EXISTS "system/sessions" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "accounts" TEXT,
  "user_id" TEXT,
  "token" TEXT,
  "form" TEXT,
  "expires_at" INTEGER,
  "ip_address" TEXT,
  "user_agent" TEXT,
  "created_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "system/sessions/ix_token" ON "system/sessions" ("token");
CREATE INDEX IF NOT EXISTS "system/sessions/ix_user_id" ON "system/sessions" ("user_id");
