CREATE TABLE IF NOT EXISTS "sentimatrix/targets" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "project_id" TEXT,
  "user_id" TEXT,
  "url" TEXT,
  "platform" TEXT,
  "status" TEXT,
  "last_scraped_at" INTEGER,
  "created_at" INTEGER,
  "extra" TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS "sentimatrix/targets/ix_project_id" ON "sentimatrix/targets" ("project_id");
CREATE INDEX IF NOT EXISTS "sentimatrix/targets/ix_project_id_status" ON "sentimatrix/targets" ("project_id", "status");
CREATE INDEX IF NOT EXISTS "sentimatrix/targets/ix_user_id" ON "sentimatrix/targets" ("user_id");
CREATE INDEX IF NOT EXISTS "sentimatrix/targets/ix_url" ON "sentimatrix/targets" ("url");
CREATE INDEX IF NOT EXISTS "sentimatrix/targets/ix_project_id_platform" ON "sentimatrix/targets" ("project_id", "platform");
