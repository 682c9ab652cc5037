import { z } from "zod";
import { parsed } from "@/lib/api/http/public-error-of";
import type { ImportRequest } from "@/lib/importers";
import { Refusal } from "@/lib/platform/refusal";

const text = z.string().max(4_096).optional();
const ImportForm = z.strictObject({
  source: z.string().max(64),
  dryRun: z.enum(["true", "false"]),
  file: z.instanceof(File).optional(),
  address: text,
  key: text,
  part: text,
});

/** What the page sent. @throws Refusal "malformed" naming the fields; "invalid" without a file and an address */
export async function readForm(form: FormData): Promise<ImportRequest> {
  const { source, dryRun, file, address, key, part } = parsed(ImportForm, Object.fromEntries(form));
  return { source, dryRun: dryRun === "true", content: await contentOf(file, address), key, part };
}

async function contentOf(file: File | undefined, address: string | undefined): Promise<ImportRequest["content"]> {
  if (file) return { bytes: new Uint8Array(await file.arrayBuffer()) };
  if (address) return { address };
  throw new Refusal("invalid", "Nothing to import was sent", {
    fields: [{ path: ["file"], message: "Choose a file", code: "missing" }],
  });
}
