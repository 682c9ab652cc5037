import { Refusal } from "@/lib/platform/refusal";

/** What is wrong with the whole, and with the one thing given for it that has to change. */
export const refuseInput = (
  message: string,
  field: "key" | "address" | "part" | "file",
  problem: string,
  code: string,
): Refusal => new Refusal("invalid", message, { fields: [{ path: [field], message: problem, code }] });
