import { getCredential } from "@/lib/credentials";
import { flowise } from "@/lib/http/flowise";
import { reveal } from "@/lib/wire/flowise/operations/credentials";
import { revealed } from "@/lib/wire/flowise/present";
import { idOf } from "../known";

/** Answers in its shape, and reveals nothing: secrets leave by the service account's fetch alone. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(reveal, {
  GET: async ({ actor, params }) => {
    const view = await getCredential(
      actor,
      await idOf(actor, params.id, { service: "revealCredentialById", to: "update" }),
    );
    return { status: 200, body: revealed(view) };
  },
});
