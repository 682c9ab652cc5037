-- Functions are in prisma/functions from here on, each once, and are applied after the migrations when they changed. A change of
-- them comes with a migration that names what they are then, so that an older program knows that it is older:
-- functions: e8bc2be7b7c28ee65f813223ab5402e9ae898e69604ede73fbe021326792453d
CREATE TABLE "function_file" (
    "name" TEXT NOT NULL,
    "checksum" TEXT NOT NULL,
    "applied_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "function_file_pkey" PRIMARY KEY ("name")
);
