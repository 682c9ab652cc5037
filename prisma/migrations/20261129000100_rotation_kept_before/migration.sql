-- How the other side kept the old password before anything was sent: an undo sets the very same verifier, also after a crash.
-- AlterTable
ALTER TABLE "credential_rotation" ADD COLUMN     "kept_before" TEXT;
