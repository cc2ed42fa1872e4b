CREATE TABLE IF NOT EXISTS "system/refresh_tokens" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "user_id" TEXT,
  "token" TEXT,
  "family" TEXT,
  "expires_at" INTEGER,
  "revoked_at" INTEGER,
  "created_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS "system/refresh_tokens/ix_user_id" ON "system/refresh_tokens" ("user_id");
CREATE INDEX IF NOT EXISTS "system/refresh_tokens/ix_family" ON "system/refresh_tokens" ("family");
CREATE UNIQUE INDEX IF NOT EXISTS "system/refresh_tokens/ix_token" ON "system/refresh_tokens" ("token");
