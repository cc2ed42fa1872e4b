CREATE TABLE IF NOT EXISTS "sentimatrix/users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "email" TEXT,
  "password_hash" TEXT,
  "role" TEXT,
  "name" TEXT,
  "is_active" INTEGER,
  "oauth.google_id" TEXT,
  "oauth.github_id" TEXT,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "sentimatrix/users/ix_email" ON "sentimatrix/users" ("email");
CREATE INDEX IF NOT EXISTS "sentimatrix/users/ix_created_at" ON "sentimatrix/users" ("created_at");
CREATE UNIQUE INDEX IF NOT EXISTS "sentimatrix/users/ix_oauth_google_id" ON "sentimatrix/users" ("oauth.google_id") WHERE "oauth.google_id" IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS "sentimatrix/users/ix_oauth_github_id" ON "sentimatrix/users" ("oauth.github_id") WHERE "oauth.github_id" IS NOT NULL;
