import { generateKeyPairSync, randomBytes } from "node:crypto";
import { type CredentialData, type Method, secretNames } from "@/lib/providers/define";

/** Secrets that a test plants and then looks for in everything that comes out, in each spelling that bytes take on. */
export class Canaries {
  private readonly byPlace = new Map<string, string>();
  private readonly needles = new Map<string, string>();
  private readonly byTail = new Map<string, string[]>();

  /** The secret of a place: a password, but as hard on encoders as one may be. The same place has the same one. */
  secret(place: string): string {
    const known = this.byPlace.get(place);
    if (known) return known;
    const core = `mark${randomBytes(12).toString("hex")}`;
    const secret = `S3-${core}"'<&%/+`;
    this.byPlace.set(place, secret);
    this.lookFor(place, Buffer.from(core));
    return secret;
  }

  /** A private key of a place, each full line of which is a secret to look for. */
  privateKey(place: string, passphrase?: string): string {
    const known = this.byPlace.get(place);
    if (known) return known;
    const { privateKey } = generateKeyPairSync("ed25519");
    const shape = { type: "pkcs8", format: "pem" } as const;
    const lock = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
    const pem = privateKey.export({ ...shape, ...lock }).toString();
    this.byPlace.set(place, pem);
    for (const line of pem.split("\n").filter((one) => one.length === 64)) {
      // The tail: the head of an unencrypted key is the same in all of them.
      this.lookFor(place, Buffer.from(line, "base64").subarray(16));
    }
    return pem;
  }

  /** Something else that must not come out, such as an API token. */
  lookFor(place: string, bytes: Buffer): void {
    for (const needle of spellings(bytes)) {
      if (needle.length < TAIL) throw new Error(`Too short to be told from chance: ${place}`);
      if (!this.needles.has(needle))
        this.byTail.set(tailOf(needle), [...(this.byTail.get(tailOf(needle)) ?? []), needle]);
      this.needles.set(needle, place);
    }
  }

  /** Every spelling of every secret, for tools that search. */
  spellings(): string[] {
    return [...this.needles.keys()];
  }

  /**
   * The places whose secret is in this text. One pass, however many secrets there are: a test plants thousands, and looks for
   * all of them in each of thousands of answers.
   */
  foundIn(text: string): string[] {
    const found = new Set<string>();
    for (const written of new Set([text, text.toLowerCase()])) {
      for (let end = TAIL; end <= written.length; end++) {
        for (const needle of this.byTail.get(written.slice(end - TAIL, end)) ?? []) {
          const place = this.needles.get(needle);
          if (place !== undefined && written.startsWith(needle, end - needle.length)) found.add(place);
        }
      }
    }
    return [...found];
  }
}

/** Secrets are looked up by their last characters: many begin alike. */
const TAIL = 8;
const tailOf = (needle: string) => needle.slice(-TAIL);

/** As it is, in hex, percent-encoded throughout, and in base64 wherever the bytes may begin in what is encoded. */
function spellings(bytes: Buffer): string[] {
  const hex = bytes.toString("hex");
  const base64 = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    // Without the characters that the neighbouring bytes have a part in.
    const inner = text.slice(offset && offset + 1, Math.floor((offset + bytes.length) / 3) * 4);
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
  return [bytes.toString("utf8"), hex, hex.replace(/../g, "%$&"), ...base64];
}

/** Values that are accepted, with a secret in every secret field; several where fields exclude each other. */
export function plantedValues(provider: string, method: Method, marks: Canaries): CredentialData[] {
  const secrets = [...secretNames(method), ...(method.openFields ? ["extra_token"] : [])];
  const replacing = new Set(Object.values(method.fields).flatMap(({ unless }) => unless ?? []));
  const usual = secrets.filter((name) => !replacing.has(name));
  const choices = [
    usual,
    usual.filter((name) => method.fields[name]?.required),
    ...[...replacing].map((one) => secrets.filter((name) => method.fields[name]?.unless !== one)),
  ];
  const distinct = new Map(choices.filter((names) => names.length > 0).map((names) => [names.join(), names]));
  return [...distinct.values()].map((names) => {
    const open = Object.entries(method.example).filter(([name]) => !secrets.includes(name));
    const locked = names.includes("passphrase");
    const planted = names.map((name) => [
      name,
      plantedIn(`${provider} ${method.type} ${name}`, method, name, marks, locked),
    ]);
    return Object.fromEntries([...open, ...planted]);
  });
}

function plantedIn(place: string, method: Method, name: string, marks: Canaries, locked: boolean): string {
  const written = FORMS[`${place.split(" ")[0]} ${name}`];
  if (written) return written(marks.secret(place));
  if (name === "connection_string") {
    return `postgresql://app_reader:${encodeURIComponent(marks.secret(place))}@db.example.com/app`;
  }
  // What is to be a URL may show its host, and nothing else.
  if (/^https:\/\/user:/.test(String(method.example[name])))
    return `https://user:${encodeURIComponent(marks.secret(place))}@db.example.com/app`;
  if (method.fields[name]?.control !== "multiline") return marks.secret(place);
  const passphrase = marks.secret(place.replace(name, "passphrase"));
  return locked ? marks.privateKey(`${place} encrypted`, passphrase) : marks.privateKey(place);
}

/** Secrets that have a form of their own: a key in base64, a signature in a query, and both inside something longer. */
const base64 = (secret: string) => Buffer.from(secret).toString("base64");
const signature = (secret: string) => `sv=2022-11-02&sp=rl&sig=${encodeURIComponent(secret)}`;
const FORMS: Record<string, (secret: string) => string> = {
  "azure_blob account_key": base64,
  "azure_blob connection_string": (secret) => `AccountName=exampleaccount;AccountKey=${base64(secret)}`,
  "azure_blob sas_token": signature,
  "azure_blob sas_url": (secret) => `https://exampleaccount.blob.core.windows.net/?${signature(secret)}`,
};

/** One value after another that is refused in a field, with the secret inside it. */
export function refusedValues(method: Method, name: string, secret: string): unknown[] {
  const shapes = [{ value: secret }, [secret], `${secret}\n${secret}\0`, `${secret}\ud800`, secret.padEnd(20_000, "x")];
  if (!method.fields[name]?.secret) return [...shapes, `https://user:${secret}@host.example/\0`];
  if (name === "connection_string") {
    const inside = encodeURIComponent(secret);
    const strings = [
      `mysql://u:${inside}@h/d`,
      `postgresql://u:${inside}@h:0/d`,
      `postgresql://u:${inside}@h/d?host=${inside}`,
      `export DATABASE_URL="postgresql://u:${secret}@x@h/d"`,
      `postgresql://u:${secret}@h/d`,
      `postgresql://u:p@h/d?sslmode=${inside}`,
      `postgresql://u:p@h/d?${inside}=1`,
    ];
    return [...shapes, ...strings, secret];
  }
  if (method.fields[name]?.control !== "multiline" || method.openFields) return shapes;
  const label = "OPENSSH PRIVATE KEY";
  const keys = [
    `-----BEGIN ${label}-----\n${secret}\n-----END ${label}-----`,
    `-----BEGIN ${label}-----\n${secret}`,
    `-----BEGIN ${secret}-----\nAAAA\n-----END ${secret}-----`,
    `-----BEGIN ${label}-----\n${Buffer.from(`openssh-key-v1\0${secret}`.repeat(3)).toString("base64")}\n-----END ${label}-----`,
    `PuTTY-User-Key-File-3: ${secret}`,
    secret,
  ];
  return [...shapes, ...keys];
}
