import { narrowToUsed, previewNarrowing } from "@/lib/access";
import { superai } from "@/lib/api/http/superai";
import { narrowing } from "@/lib/api/wire/superai/access";
import { narrowingOfProgram } from "@/lib/api/wire/superai/operations/access";
import { idInPath } from "@/lib/api/wire/superai/read";
import { notFound } from "@/lib/platform/refusal";

/** Only programs had anything from before. */
function programIn({ subject_type, subject_id }: Partial<Record<string, string>>): string {
  if (subject_type !== "service_account") throw notFound();
  return idInPath(subject_id, "service account");
}

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(narrowingOfProgram, {
  GET: async ({ actor, params }) => ({
    status: 200,
    body: narrowing(await previewNarrowing(actor, programIn(params))),
  }),
  POST: async ({ actor, params }) => ({
    status: 200,
    body: narrowing(await narrowToUsed(actor, programIn(params))),
  }),
});
