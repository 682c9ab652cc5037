"use client";

import { Download } from "lucide-react";
import { toast } from "sonner";
import { refusalIn } from "@/components/feed";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { saveFile } from "@/components/ui/save-file";
import type { ActionResult } from "@/lib/api/http/public-error";

/** The filtered events as a file. The server may ask for the password first, which a plain link could not answer. */
export function ExportButton({ query }: { query: string }) {
  const { run, busy } = useAction(fetchFile, {
    onDone: (file) => saveFile(file, "latchkey-audit.csv"),
    onRefused: (error) => toast.error(error.message),
  });
  return (
    <Button busy={busy} onClick={() => run(query)}>
      {!busy && <Download aria-hidden />} Export as CSV
    </Button>
  );
}

async function fetchFile(query: string): Promise<ActionResult<Blob>> {
  const answer = await fetch(`/audit/export?${query}`);
  return answer.ok ? { ok: true, value: await answer.blob() } : { ok: false, error: await refusalIn(answer) };
}
