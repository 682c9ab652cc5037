import { z } from "zod";
import type { SourceDefinition } from "@/lib/importers";
import type { ImportInput } from "./use-import";

const FILE_MAX_BYTES = 64 * 1024 * 1024;

/** What the form starts with; a field that the source does not have stays empty. */
export const emptyFields = { from: "file", file: undefined, address: "", key: "", part: "" } as const;

/** What one source's form asks for. */
export const fieldsOf = (source: SourceDefinition) =>
  z
    .object({
      from: z.enum(["file", "address"]),
      file: z.instanceof(File).optional(),
      address: z.string().max(4_096, "Is too long for an address"),
      key: z.string().max(4_096, "Is too long for a key"),
      part: z.string().max(200, "At most 200 characters"),
    })
    .superRefine(({ from, file, address, key }, context) => {
      const missing = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
      if (from === "file" && !file) missing("file", "Choose a file");
      if (from === "file" && file && file.size > FILE_MAX_BYTES) missing("file", "Is larger than 64 MiB");
      if (from === "address" && address.trim() === "") missing("address", "Enter the address");
      if (source.key && !source.key.optional && key.trim() === "") missing("key", "Enter the key");
    });

export type ImportFields = z.infer<ReturnType<typeof fieldsOf>>;

export const inputFrom = (source: SourceDefinition, fields: ImportFields): ImportInput => ({
  source: source.id,
  ...(fields.from === "file" ? { file: fields.file } : { address: fields.address.trim() }),
  ...(source.key && fields.key.trim() !== "" && { key: fields.key }),
  ...(source.part && fields.part.trim() !== "" && { part: fields.part.trim() }),
});
