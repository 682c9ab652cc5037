import type { PasteResult } from "../define";
import { pastedFields } from "../placeholder";
import { readAddress, unwrapConnectionString } from "./connection-string";
import { modeOf } from "./paste-names";
import { pasteSettings } from "./paste-settings";

/**
 * Fills the single fields from an address, from the one address of a settings file, or from the same said in parts. What it
 * says about TLS is kept where the form has a word for it; what no field holds is named.
 */
export function pasteConnectionString(text: string): PasteResult {
  const addresses = addressesOf(text);
  if (addresses.length > 1) return { ok: false, problem: "Must hold one address; copy the line that is meant" };
  if (addresses.length === 0) {
    const parts = pasteSettings(text);
    if (parts) return parts;
  }
  const result = readAddress(addresses[0] ?? text);
  if (!result.ok) return result;
  const { user, onlyProves: _, sslmode, tuning, ...place } = result.value;
  const pasted = pastedFields({ ...IN_ORDER, ...place, username: user, sslmode: modeOf(sslmode) }, "address");
  if (tuning.length === 0) return pasted;
  const left = `No field here holds ${tuning.join(", ")}: to keep that, put the whole address into Connection string, under More options.`;
  return { ...pasted, note: pasted.note === undefined ? left : `${pasted.note} ${left}` };
}

/** As the form has them, which is how they are named to its reader. */
const IN_ORDER = { host: undefined, port: undefined, database: undefined, username: undefined, password: undefined };

/** The lines with an address, where all others are those of a settings file: an address that was broken in two is none. */
function addressesOf(text: string): string[] {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const addresses = lines.filter((line) => ADDRESS.test(unwrapConnectionString(line)));
  return lines.every((line) => addresses.includes(line) || SETTING.test(line)) ? addresses : [];
}

const ADDRESS = /^postgres(?:ql)?:\/\//;
const SETTING = /^\s*(?:#|\/\/|[{}[\],]+\s*$|(?:(?:export|set)\s)?["']?[A-Za-z_][\w.-]*["']?\s*[=:])/;
