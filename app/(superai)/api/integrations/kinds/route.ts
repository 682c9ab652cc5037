import { superai } from "@/lib/api/http/superai";
import { kind, kindAnswer, kindText } from "@/lib/api/wire/superai/kinds";
import { kinds } from "@/lib/api/wire/superai/operations/kinds";
import { createKind, listKinds } from "@/lib/own-kinds";

/** The organisation's own kinds of credentials. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(kinds, {
  GET: async ({ actor }) => ({ status: 200, body: (await listKinds(actor)).map(kind) }),
  POST: async ({ actor, json }) => kindAnswer(201, await createKind(actor, kindText(await json()))),
});
