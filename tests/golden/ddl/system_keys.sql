CREATE TABLE IF NOT EXISTS "system/keys" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "name" TEXT,
  "application" TEXT,
  "subject" TEXT,
  "role" TEXT,
  "tenant" TEXT,
  "collections" BLOB,
  "verbs" BLOB,
  "origins" BLOB,
  "publishable" INTEGER,
  "secret" TEXT,
  "prefix" TEXT,
  "created_by" TEXT,
  "created_at" INTEGER,
  "expires_at" INTEGER,
  "last_used_at" INTEGER,
  "revoked_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "system/keys/ix_secret" ON "system/keys" ("secret");
CREATE INDEX IF NOT EXISTS "system/keys/ix_application_tenant" ON "system/keys" ("application", "tenant");
