import { z } from "zod";
import { openResource, resource } from "@/lib/api/wire/operation";
import { component } from "../schemas/component";

const tag = "Kinds of credentials";

export const components = resource("/components-credentials", {
  GET: {
    id: "listComponents",
    tag,
    summary: "List the schemas of all kinds",
    answers: { 200: { description: "Every kind.", body: z.array(component), headers: ["ETag"] } },
  },
});

export const oneComponent = resource("/components-credentials/{name}", {
  GET: {
    id: "getComponent",
    tag,
    summary: "Read the schema of a kind, or of several joined by &",
    answers: {
      200: {
        description: "One schema, or a list where several were named.",
        body: z.union([component, z.array(component)]),
        headers: ["ETag"],
      },
    },
  },
});

export const componentIcon = openResource("/components-credentials-icon/{name}", {
  GET: {
    id: "getComponentIcon",
    tag,
    summary: "Draw a sign for a kind",
    answers: {
      200: { description: "A picture.", mediaType: "image/svg+xml", headers: ["Content-Security-Policy"] },
    },
  },
});
