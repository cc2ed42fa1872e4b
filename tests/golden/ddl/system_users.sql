CREATE TABLE IF NOT EXISTS "system/users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "email" TEXT,
  "password_hash" TEXT,
  "role" TEXT,
  "tenant" TEXT,
  "name" TEXT,
  "is_active" INTEGER,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "system/users/ix_email" ON "system/users" ("email");
