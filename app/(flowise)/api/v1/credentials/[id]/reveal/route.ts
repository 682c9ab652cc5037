import { flowise } from "@/lib/api/http/flowise";
import { reveal } from "@/lib/api/wire/flowise/operations/credentials";
import { revealed } from "@/lib/api/wire/flowise/present";
import { getCredential } from "@/lib/credentials";
import { ownKindOf } from "../../../own-kind";
import { idOf } from "../known";

/** Answers in its shape, and reveals nothing: secrets leave by the service account's fetch alone. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(reveal, {
  GET: async ({ actor, params }) => {
    const view = await getCredential(
      actor,
      await idOf(actor, params.id, { service: "revealCredentialById", to: "update" }),
    );
    return { status: 200, body: revealed(view, await ownKindOf(actor)(view.provider)) };
  },
});
