import { isUuid } from "@/lib/platform/uuid";
import { type Field, freeField, type Holding, type Method } from "./define";
import { placeholderIn } from "./placeholder";

/** What makes a value look as if it were not the one that is meant. Fixed words, which repeat nothing of it. */
export interface Doubt {
  field: string;
  code: "placeholder" | "other_value" | "space_around";
  /** A predicate, which begins a sentence at its field. */
  message: string;
  /**
   * It cannot well be the value itself: a test asks first, before anything is sent. Of anything else somebody may have
   * chosen it, so that it is told, and tried.
   */
  certain: boolean;
}

/**
 * Looks through values for what people leave or put in a field by mistake: placeholders, alone or inside an address, values
 * that belong elsewhere, spaces that nobody sees. It refuses nothing: every one of them may be stored. By canonical names.
 */
export function doubtsAbout(method: Method, values: Record<string, unknown>): Doubt[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const field = Object.hasOwn(method.fields, name) ? method.fields[name] : freeField(name);
    const found = field && typeof value === "string" ? doubtIn(field, value) : undefined;
    return found ? [{ field: name, ...found }] : [];
  });
}

type Found = Omit<Doubt, "field">;

function doubtIn(field: Field, value: string): Found | undefined {
  if (value.length > READ_MAX || !["text", "password", "multiline"].includes(field.control)) return undefined;
  const trimmed = value.trim();
  const standsFor = placeholderIn(trimmed);
  if (standsFor && (field.secret || standsFor === "certain")) return standsFor === "certain" ? PLACEHOLDER : UNLIKELY;
  if (partsOf(trimmed).some((part) => placeholderIn(part) === "certain")) return PLACEHOLDER_INSIDE;
  const other = field.holds && otherValue(field.holds, trimmed);
  if (other) return other;
  const looked = field.spaceAtEnd ? value.trimEnd() : value;
  // A block has its line break at the end.
  return field.control !== "multiline" && trimmed !== looked ? SPACE_AROUND : undefined;
}

/** The same where the way to sign in is not known: spaces alone, which mean the same everywhere. */
export const spacesIn = (values: Record<string, unknown>): Doubt[] =>
  Object.entries(values).flatMap(([field, value]) =>
    typeof value === "string" && /^ | $/.test(value) ? [{ field, ...SPACE_AROUND }] : [],
  );

/** The sentence about a value that stands somewhere else than at its field. */
export const aboutValue = ({ message }: Doubt): string =>
  `What is given here ${message.charAt(0).toLowerCase()}${message.slice(1)}`;

/** No placeholder, key or address of those looked for is longer. */
const READ_MAX = 8_192;

/** The user name and the password inside an address, and the secret parts of a string of settings. */
function partsOf(value: string): string[] {
  const [, authority = ""] = /^[a-z][a-z0-9+.:-]{0,40}:\/\/([^/?#]*)/i.exec(value) ?? [];
  const at = authority.lastIndexOf("@");
  const userinfo = at < 0 ? "" : authority.slice(0, at);
  const colon = userinfo.indexOf(":");
  const user = colon < 0 ? [userinfo] : [userinfo.slice(0, colon), userinfo.slice(colon + 1)];
  const settings = [...value.matchAll(SETTING)].map(([, part = ""]) => part.trim());
  return [...user, ...settings].map(decoded);
}

const SETTING = /(?:^|[;?&])\s{0,4}(?:password|pwd|accountkey|sharedaccesskey)\s{0,4}=([^;&]{1,200})/gi;

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function otherValue(holds: Holding, value: string): Found | undefined {
  if (holds === "aws_secret") return KEY_ID.test(value) ? AWS_ID : SMTP_PASSWORD.test(value) ? AWS_SMTP : undefined;
  if (holds === "aws_key_id") return AWS_SECRET_FORM.test(value) && !KEY_ID.test(value) ? AWS_SECRET : undefined;
  return isUuid(value) ? SECRET_ID : undefined;
}

/** As Amazon issues them: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const KEY_ID = /^A(?:KIA|SIA|ROA|IDA)[A-Z0-9]{12,124}$/;
const AWS_SECRET_FORM = /^(?=.*[a-z/+])[A-Za-z0-9/+]{40}$/;
/** Derived from a secret: a version, 4, and 32 bytes, in base64. */
const SMTP_PASSWORD = /^B[A-Za-z0-9/+]{43}$/;

const found = (code: Doubt["code"], message: string, certain: boolean): Found => ({ code, message, certain });

const PLACEHOLDER = found(
  "placeholder",
  "Is a placeholder, not the value itself: enter what belongs in its place.",
  true,
);
const PLACEHOLDER_INSIDE = found(
  "placeholder",
  "Holds a placeholder where a user name or a password belongs: put that in its place.",
  true,
);
const UNLIKELY = found("placeholder", "Looks like a placeholder. Enter the value itself, unless this is it.", false);
const SPACE_AROUND = found(
  "space_around",
  "Begins or ends with a space: take it away, unless it belongs there.",
  false,
);
const AWS_ID = found("other_value", "Is the ID of an access key. The secret that belongs to it goes here.", true);
const AWS_SECRET = found(
  "other_value",
  "Looks like the secret of an access key. Its ID, such as AKIA…, goes here.",
  true,
);
const AWS_SMTP = found(
  "other_value",
  "Looks like an SMTP password of Amazon SES (44 characters that begin with B). The secret of an access key, of 40 characters, goes here.",
  true,
);
const SECRET_ID = found(
  "other_value",
  "Has the form of an ID. Where the provider shows a secret's ID and its value, the value goes here.",
  false,
);
