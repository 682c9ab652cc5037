"use client";

import { Problem } from "@/components/ui/problem";

/** Keeps the frame: one can go elsewhere. */
export default function ConsoleError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <div className="max-w-lg pt-6">
      <Problem reference={error.digest} retry={retry} />
    </div>
  );
}
