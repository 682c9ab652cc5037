import "server-only";
import { createHash } from "node:crypto";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import { clock } from "@/lib/platform/clock";
import { ask, type Sender } from "./ask";
import { addressOf } from "./object-address";
import type { SettingsOf } from "./settings";
import type { Batch, Delivery } from "./sink";

type Store = SettingsOf<"object_store">;

const DAY_MS = 86_400_000;

/** One object for the batch, a line for each event and the seal as the last. Sent again, it replaces itself. */
export async function putObject(settings: Store, batch: Batch, sender: Sender): Promise<Delivery> {
  const body = `${[...batch.events.map(({ json }) => json), batch.seal].join("\n")}\n`;
  const url = addressOf(settings, batch);
  const signed = await signerOf(settings).sign(
    {
      method: "PUT",
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: {
        host: url.host,
        "content-type": "application/x-ndjson",
        // Guards the bytes, as S3 demands for a lock; every service knows this one of its checksums.
        "content-md5": createHash("md5").update(body).digest("base64"),
        ...lockOf(settings),
      },
      body,
    },
    { signingDate: clock.now() },
  );
  return ask({ url: url.href, method: "PUT", headers: signed.headers, body }, sender);
}

const signerOf = ({ region, access_key_id, secret_access_key, session_token }: Store) =>
  new SignatureV4({
    service: "s3",
    region,
    // S3 signs a path as it is sent, and its body's hash goes along.
    uriEscapePath: false,
    applyChecksum: true,
    sha256: Hash.bind(null, "sha256"),
    credentials: {
      accessKeyId: access_key_id,
      secretAccessKey: secret_access_key,
      ...(session_token !== undefined && { sessionToken: session_token }),
    },
  });

/** From the sending on: a term that has passed already would be refused. */
const lockOf = ({ object_lock_mode: mode, object_lock_days: days }: Store): Record<string, string> =>
  mode === undefined || days === undefined
    ? {}
    : {
        "x-amz-object-lock-mode": mode.toUpperCase(),
        "x-amz-object-lock-retain-until-date": new Date(clock.now().getTime() + days * DAY_MS).toISOString(),
      };
