CREATE TABLE IF NOT EXISTS "sentimatrix/projects" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "user_id" TEXT,
  "name" TEXT,
  "description" TEXT,
  "status" TEXT,
  "config.preset" TEXT,
  "config.schedule.enabled" INTEGER,
  "config.schedule.cron" TEXT,
  "config.schedule.next_run_at" INTEGER,
  "created_at" INTEGER,
  "updated_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS "sentimatrix/projects/ix_user_id" ON "sentimatrix/projects" ("user_id");
CREATE INDEX IF NOT EXISTS "sentimatrix/projects/ix_user_id_status" ON "sentimatrix/projects" ("user_id", "status");
CREATE INDEX IF NOT EXISTS "sentimatrix/projects/ix_created_at" ON "sentimatrix/projects" ("created_at");
CREATE INDEX IF NOT EXISTS "sentimatrix/projects/ix_config_schedule_next_run_at" ON "sentimatrix/projects" ("config.schedule.next_run_at");
