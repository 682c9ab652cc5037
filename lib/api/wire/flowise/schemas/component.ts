import { z } from "zod";

/** The schema of a kind, from which Flowise's pages draw its form. */
export const component = z
  .strictObject({
    label: z.string(),
    name: z.string(),
    version: z.number(),
    optional: z.boolean().optional(),
    inputs: z.array(z.record(z.string(), z.unknown())),
    icon: z.string(),
  })
  .meta({
    id: "Component",
    examples: [
      {
        label: "Model",
        name: "openAIApi",
        version: 1,
        inputs: [{ label: "API key", name: "openAIApiKey", type: "password" }],
        icon: "",
      },
    ],
  });
export type Component = z.output<typeof component>;
