CREATE TABLE IF NOT EXISTS "sentimatrix/refresh_tokens" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "user_id" TEXT,
  "token" TEXT,
  "family" TEXT,
  "expires_at" INTEGER,
  "revoked_at" INTEGER,
  "created_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS "sentimatrix/refresh_tokens/ix_user_id" ON "sentimatrix/refresh_tokens" ("user_id");
CREATE UNIQUE INDEX IF NOT EXISTS "sentimatrix/refresh_tokens/ix_token" ON "sentimatrix/refresh_tokens" ("token");
