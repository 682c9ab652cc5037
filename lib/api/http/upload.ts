import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { Refusal } from "@/lib/platform/refusal";
import { requireStorable } from "@/lib/platform/storable";
import { requireOwnOrigin, requireVisitor } from "./console";
import { readBody } from "./json";
import { linesOf, refused } from "./json-endpoints";
import { publicErrorOf } from "./public-error-of";
import { requestIdOf } from "./request-id";

/** Beside the file there are a few fields, and the lines between the parts. */
const FIELDS_BYTES = 64 * 1024;

/** Work that was let begin, and how to give up its place when nothing comes of it. */
interface UploadStart {
  leave: () => void;
}

/**
 * A form with a file, whose work the browser watches line by line. `begin` says whether this actor may at all, before
 * a byte of the body is read. The file stays in memory: the form's parser writes none.
 */
export function upload<Work extends UploadStart>(
  maxFileBytes: number,
  begin: (actor: Actor) => Promise<Work>,
  run: (work: Work, form: FormData, tell: (line: unknown) => void, signal: AbortSignal) => Promise<unknown>,
) {
  return async (request: Request): Promise<Response> => {
    const requestId = requestIdOf(request.headers);
    let work: Work | undefined;
    try {
      requireOwnOrigin(request.headers);
      const { actor } = await requireVisitor();
      const begun = await begin({ ...actor, signal: request.signal });
      work = begun;
      const form = await formOf(request, maxFileBytes + FIELDS_BYTES);
      return linesOf((tell) => run(begun, form, tell, request.signal).finally(begun.leave), requestId);
    } catch (error) {
      work?.leave();
      return refused(publicErrorOf(error, requestId));
    }
  };
}

/** @throws Refusal "unsupported_media_type" for anything but a form with files, "malformed" for a broken one */
async function formOf(request: Request, maxBytes: number): Promise<FormData> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("multipart/form-data")) {
    throw new Refusal("unsupported_media_type", "Send a form with a file (multipart/form-data)");
  }
  const body = await readBody(request, maxBytes);
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } })
    .formData()
    .catch((): never => {
      throw new Refusal("malformed", "The form arrived damaged. Send it again.");
    });
  requireStorable(Object.fromEntries([...form].filter(([, value]) => typeof value === "string")));
  return form;
}
