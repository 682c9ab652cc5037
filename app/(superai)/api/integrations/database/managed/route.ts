import { superai } from "@/lib/api/http/superai";
import { managedDatabase as resource } from "@/lib/api/wire/superai/operations/credentials";
import { credentialAnswer } from "@/lib/api/wire/superai/present";
import { managedDatabase } from "@/lib/api/wire/superai/rotation";
import { createManagedDatabase } from "@/lib/credentials";

/** Makes the organisation's database, once. The body may be left out. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(resource, {
  POST: async ({ actor, body, json }) => {
    const given = (await body()).length > 0 ? managedDatabase(await json()) : {};
    const view = await createManagedDatabase(actor, given);
    return credentialAnswer(201, view);
  },
});
