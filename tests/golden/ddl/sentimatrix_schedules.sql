CREATE TABLE IF NOT EXISTS "sentimatrix/schedules" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "project_id" TEXT,
  "user_id" TEXT,
  "enabled" INTEGER,
  "cron" TEXT,
  "timezone" TEXT,
  "next_run" INTEGER,
  "last_run" INTEGER,
  "extra" TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS "sentimatrix/schedules/ix_project_id" ON "sentimatrix/schedules" ("project_id");
CREATE INDEX IF NOT EXISTS "sentimatrix/schedules/ix_user_id" ON "sentimatrix/schedules" ("user_id");
CREATE INDEX IF NOT EXISTS "sentimatrix/schedules/ix_enabled_next_run" ON "sentimatrix/schedules" ("enabled", "next_run");
