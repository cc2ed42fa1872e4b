CREATE TABLE IF NOT EXISTS "sentimatrix/webhooks" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "user_id" TEXT,
  "url" TEXT,
  "secret" TEXT,
  "events" BLOB,
  "enabled" INTEGER,
  "failures" INTEGER,
  "created_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS "sentimatrix/webhooks/ix_user_id" ON "sentimatrix/webhooks" ("user_id");
CREATE INDEX IF NOT EXISTS "sentimatrix/webhooks/ix_enabled_events" ON "sentimatrix/webhooks" ("enabled", "events");
