import { flowise } from "@/lib/api/http/flowise";
import { icon } from "@/lib/api/wire/flowise/icon";
import { signLabel } from "@/lib/api/wire/flowise/kinds";
import { componentIcon } from "@/lib/api/wire/flowise/operations/components";
import { Refusal } from "@/lib/platform/refusal";

/** A drawn sign for each kind, for anybody. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.public(componentIcon, {
  GET: async ({ params }) => {
    const name = (params.name ?? "").slice(0, 100);
    const label = signLabel(name);
    if (label === undefined) throw new Refusal("not_found", "There is no credential of this name");
    return {
      status: 200,
      text: icon(name, label),
      headers: {
        "Content-Type": "image/svg+xml",
        "Cache-Control": "public, max-age=86400",
        // Opened by itself, it is a picture and nothing else.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
      },
    };
  },
});
