import { flowise } from "@/lib/http/flowise";
import { Refusal } from "@/lib/refusal";
import { icon } from "@/lib/wire/flowise/icon";
import { component } from "@/lib/wire/flowise/kinds";
import { componentIcon } from "@/lib/wire/flowise/operations/components";

/** A drawn sign for each kind, for anybody. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open(componentIcon, {
  GET: async ({ params }) => {
    const name = (params.name ?? "").slice(0, 100);
    const found = component(name);
    if (!found) throw new Refusal("not_found", "There is no credential of this name");
    return {
      status: 200,
      text: icon(name, found.label),
      headers: {
        "Content-Type": "image/svg+xml",
        "Cache-Control": "public, max-age=86400",
        // Opened by itself, it is a picture and nothing else.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
      },
    };
  },
});
