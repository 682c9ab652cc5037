import "server-only";
import { Webhook } from "standardwebhooks";
import { clock } from "@/lib/platform/clock";
import { ask, type Sender } from "./ask";
import type { SettingsOf } from "./settings";
import type { Batch, Delivery } from "./sink";

/** One POST of the batch as JSON, signed as Standard Webhooks says, with both secrets while they are changed. */
export function sendByWebhook(settings: SettingsOf<"webhook">, batch: Batch, sender: Sender): Promise<Delivery> {
  const { url, signing_secret: first, second_signing_secret: second } = settings;
  // Line for line as it is kept: an event's JSON is never written a second time.
  const body = `{"events":[${batch.events.map(({ json }) => json).join(",")}],"seal":${batch.seal}}`;
  const now = clock.now();
  const secrets = [first, ...(second === undefined ? [] : [second])];
  const headers = {
    "content-type": "application/json",
    "webhook-id": batch.id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(batch.id, now, body)).join(" "),
  };
  return ask({ url, method: "POST", headers, body }, sender);
}
