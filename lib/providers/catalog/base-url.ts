import "server-only";
import { isCloudId, placeOfCloudId } from "./cloud-id";
import type { BaseUrl } from "./schema";
import { fieldsOfBaseUrl, filled } from "./templates";
import type { Values } from "./values";

/** Where a credential's requests go. */
export interface ResolvedBaseUrl {
  /** Without a closing slash: paths follow it directly. */
  address: string;
  /** The user name and the password that its field holds in front of the host. */
  userInfo: [user: string, password: string];
  /** The address itself may hold a secret, so that no part of it but the host may be shown. */
  mayHoldSecret: boolean;
}

/**
 * The address below which a service's paths lie, for these values.
 * @throws StepFailure naming the field that is missing or unfit
 */
export function resolveBaseUrl(base: BaseUrl, values: Values): ResolvedBaseUrl {
  if (typeof base === "string") {
    const mayHoldSecret = fieldsOfBaseUrl(base).some((name) => values.fields[name]?.secret);
    return { address: fromTemplate(base, values), userInfo: ["", ""], mayHoldSecret };
  }
  if (base.form === "elastic_cloud_id")
    return { address: fromCloudId(base.field, values), userInfo: ["", ""], mayHoldSecret: false };
  const written = values.has(base.field) || base.default === undefined ? values.get(base.field) : base.default;
  const url = readUrl(written);
  if (!url) throw values.unfit(base.field, "a URL such as https://api.example.com");
  return {
    address: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    userInfo: [decoded(url.username), decoded(url.password)],
    mayHoldSecret: true,
  };
}

/** Undefined for what is no http or https URL; the platform's own error would keep the text. */
export function readUrl(text: string): URL | undefined {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return ["https:", "http:"].includes(url.protocol) && url.hostname !== "" ? url : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A field in the host is one label of its name, so that no value can lead to another host. */
function fromTemplate(template: string, values: Values): string {
  const [host = "", path = ""] = template.split(/(?<=^https:\/\/[^/]*)(?=\/|$)/);
  const label = (name: string): string => {
    const value = values.get(name);
    if (/^[a-z0-9-]{1,63}$/i.test(value)) return value;
    throw values.unfit(name, "letters, digits and dashes only");
  };
  return filled(host, label) + values.text(path, encodeURIComponent).replace(/\/+$/, "");
}

function fromCloudId(field: string, values: Values): string {
  const id = values.get(field);
  if (!isCloudId(id)) throw values.unfit(field, "a Cloud ID, name and code with a colon between");
  return `https://${placeOfCloudId(id)}`;
}
