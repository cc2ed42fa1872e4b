CREATE TABLE IF NOT EXISTS "system/tenants" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "application" TEXT,
  "tenant" TEXT,
  "name" TEXT,
  "zone" TEXT,
  "keeps" BLOB,
  "quotas" BLOB,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "system/tenants/ix_application_tenant" ON "system/tenants" ("application", "tenant");
