import "server-only";
import { log, traceOf } from "@/lib/platform/log";
import { Refusal } from "@/lib/platform/refusal";
import { type EncryptionContext, keyIdOf, open, seal, UnknownKey } from "@/lib/platform/vault";
import { type SinkSettings, sinkSettings } from "./sinks/index";

/** Where a stream's settings belong; the version is that of the sealed settings, raised by every change of them. */
export interface StreamAddress {
  orgId: string;
  id: string;
  kind: string;
  sealedVersion: number;
}

export const streamContext = ({ orgId, id, kind, sealedVersion }: StreamAddress): EncryptionContext => ({
  purpose: "audit-stream",
  orgId,
  id,
  provider: kind,
  type: "",
  version: sealedVersion,
});

export function sealSettings(
  of: StreamAddress,
  settings: SinkSettings,
): { sealed: Uint8Array<ArrayBuffer>; keyId: string } {
  const plain = Buffer.from(JSON.stringify(settings), "utf8");
  try {
    const sealed = seal(plain, streamContext(of));
    return { sealed: new Uint8Array(sealed), keyId: keyIdOf(sealed) };
  } finally {
    plain.fill(0);
  }
}

/** @throws Refusal "damaged" when they were altered or moved; "unavailable" when this process does not have the key */
export function openSettings(of: StreamAddress & { sealed: Uint8Array; keyId: string }): SinkSettings {
  let plain: Buffer | undefined;
  try {
    plain = open(Buffer.from(of.sealed), streamContext(of));
    return sinkSettings.parse(JSON.parse(plain.toString("utf8")));
  } catch (error) {
    const { orgId, id, keyId } = of;
    log.error("settings of an audit stream do not open", { orgId, targetId: id, keyId, ...traceOf(error) });
    throw error instanceof UnknownKey && error.keyId === keyId
      ? new Refusal(
          "unavailable",
          "This instance does not have the key to what is stored. Ask whoever runs Latchkey.",
          {
            retryAfterSeconds: 30,
            cause: error,
          },
        )
      : new Refusal("damaged", "The stream's stored settings do not open. Send them anew.", { cause: error });
  } finally {
    plain?.fill(0);
  }
}
