import type { CredentialView } from "@/lib/credentials";
import { invalidField } from "@/lib/platform/refusal";
import type { KindForm } from "@/lib/providers/catalog/kind-form";
import type { CredentialData } from "@/lib/providers/define";
import { providerOfForm, providerOfStored } from "@/lib/providers/index";
import { urlInputs } from "./kinds";
import { BLANK, isBulleted, isMask } from "./masks";

type Shown = Pick<CredentialView, "provider" | "type" | "config" | "secrets">;

/** In all of these, `own` is the credential's kind where the caller's organisation has made it. */

/**
 * What this door shows of each stored value: public fields as they are, and of each secret that is set a mask. Facts that are
 * there for people alone are left out: a client that reads, changes and writes back would store them.
 */
export function shownValues(view: Shown, own?: KindForm): CredentialData {
  return { ...publicValues(view, own), ...masks(view, own) };
}

/** The same names, nothing but masks. */
export function maskedValues(view: Shown, own?: KindForm): CredentialData {
  const names = Object.keys(publicValues(view, own));
  return { ...Object.fromEntries(names.map((name) => [name, BLANK])), ...masks(view, own) };
}

function publicValues(view: Shown, own: KindForm | undefined): CredentialData {
  const provider = own ? providerOfForm(own) : providerOfStored(view.provider);
  const fields = provider?.methods.find(({ type }) => type === view.type)?.fields ?? {};
  const isSet = (name: string) => Object.hasOwn(view.secrets, name) || Object.hasOwn(view.config, name);
  const isValue = (name: string) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    // In the place of a field that another one stands for there are facts taken from that one.
    return field !== undefined && !field.secret && !(field.unless !== undefined && isSet(field.unless));
  };
  return Object.fromEntries(Object.entries(view.config).filter(([name]) => isValue(name)));
}

/**
 * A URL is told by its place where its mask cannot be taken for a URL: with bullets in it. One without a password is the
 * constant as well, because what is left out of it (parameters, a path) would be lost when it comes back.
 */
function masks({ provider, config, secrets }: Shown, own: KindForm | undefined): Record<string, string> {
  const [urlName] = urlInputs(provider, own);
  const url = isBulleted(config.url) ? config.url : BLANK;
  return Object.fromEntries(Object.keys(secrets).map((name) => [name, name === urlName ? url : BLANK]));
}

/**
 * What a client that was shown `view` changes by sending these values: those that it was shown come back as they were, and are
 * no change.
 * @throws Refusal "invalid" for a URL with bullets that is not the one shown
 */
export function changedValues(view: Shown, sent: Record<string, unknown>, own?: KindForm): Record<string, unknown> {
  const shown = shownValues(view, own);
  const isAsShown = ([name, value]: [string, unknown]) => Object.hasOwn(shown, name) && isSame(shown[name], value);
  // Of a secret nothing but a mask was shown.
  const isMaskShown = (entry: [string, unknown]) => Object.hasOwn(view.secrets, entry[0]) && isAsShown(entry);
  const entries = Object.entries(sent).filter((entry) => !isMask(entry[1]) && !isMaskShown(entry));
  if (entries.every(isAsShown)) return {};
  refuseBullets(urlInputs(view.provider, own), entries);
  // What came back as it was goes along, as it was: where the stored data do not open, it is part of the whole.
  return Object.fromEntries(entries.map((entry) => (isAsShown(entry) ? [entry[0], shown[entry[0]]] : entry)));
}

/** Values without the masks among them, for something new: there a mask stands for nothing. */
export function newValues(provider: string, sent: Record<string, unknown>, own?: KindForm): Record<string, unknown> {
  const entries = Object.entries(sent).filter(([, value]) => !isMask(value));
  refuseBullets(urlInputs(provider, own), entries);
  return Object.fromEntries(entries);
}

/** Forms send numbers and yes or no as text. */
const isSame = (shown: unknown, sent: unknown) =>
  shown === sent || (typeof shown !== "string" && typeof sent === "string" && String(shown) === sent);

function refuseBullets(urls: string[], entries: [string, unknown][]): void {
  const found = entries.find(([name, value]) => urls.includes(name) && isBulleted(value));
  if (!found) return;
  throw invalidField(`plainDataObj.${found[0]}`, "Write the whole URL, with its password, or leave it as it was shown");
}
