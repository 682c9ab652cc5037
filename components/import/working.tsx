import { Spinner } from "@/components/ui/spinner";
import type { ImportProgress } from "@/lib/vocabulary/import-report";

/** How far it is, in words that are read out. */
export const Working = ({ dryRun, progress }: { dryRun: boolean; progress: ImportProgress | undefined }) => (
  <div role="status" className="flex items-center gap-2.5 text-soft">
    <Spinner />
    {progress
      ? `${progress.done} of ${progress.total} credentials ${dryRun ? "looked at" : "done"}`
      : "Sending and reading. A large database takes a minute."}
    {progress && (
      <progress
        aria-hidden
        className="h-1.5 w-40 overflow-hidden rounded-full bg-sunken accent-accent"
        max={progress.total}
        value={progress.done}
      />
    )}
  </div>
);
