import { superai } from "@/lib/api/http/superai";
import { settingsToTry } from "@/lib/api/wire/superai/audit-streams";
import { settingsTest } from "@/lib/api/wire/superai/operations/audit-streams";
import { trySettings } from "@/lib/audit-streams";

/** Tries settings out before they are stored. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(settingsTest, {
  POST: async ({ actor, json }) => ({ status: 200, body: await trySettings(actor, settingsToTry(await json())) }),
});
