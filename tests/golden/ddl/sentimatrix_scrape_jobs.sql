CREATE TABLE IF NOT EXISTS "sentimatrix/scrape_jobs" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "project_id" TEXT,
  "user_id" TEXT,
  "status" TEXT,
  "progress" REAL,
  "results_count" INTEGER,
  "error" TEXT,
  "started_at" INTEGER,
  "finished_at" INTEGER,
  "created_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS "sentimatrix/scrape_jobs/ix_project_id_created_at" ON "sentimatrix/scrape_jobs" ("project_id", "created_at");
CREATE INDEX IF NOT EXISTS "sentimatrix/scrape_jobs/ix_status" ON "sentimatrix/scrape_jobs" ("status");
CREATE INDEX IF NOT EXISTS "sentimatrix/scrape_jobs/ix_user_id" ON "sentimatrix/scrape_jobs" ("user_id");
CREATE INDEX IF NOT EXISTS "sentimatrix/scrape_jobs/ix_created_at" ON "sentimatrix/scrape_jobs" ("created_at");
