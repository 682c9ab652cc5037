import "server-only";
import { createHash } from "node:crypto";
import type { EventEmitter } from "node:events";
import type pg from "pg";
import { scramVerifier } from "./scram";

/**
 * How a server keeps a password, beside the password itself: with the two together the verifier that it has can be made
 * again, to the byte. The salt is no secret: it is shown to whoever begins to sign in.
 */
export type KeptForm = { way: "scram"; salt: string; iterations: number } | { way: "md5" };

/**
 * Listens to what a sign-in shows. It shows nothing where the server is told the password itself, or asks for none.
 * @returns asks for what was shown last
 */
export function watchKeptForm(client: pg.Client): () => KeptForm | undefined {
  // The driver's types leave out its connection, where it listens to the server.
  const { connection } = client as unknown as { connection: EventEmitter };
  let shown: KeptForm | undefined;
  connection.on("authenticationMD5Password", () => {
    shown = { way: "md5" };
  });
  connection.on("authenticationSASLContinue", ({ data }: { data: string }) => {
    shown = scramFormOf(data);
  });
  return () => shown;
}

/** As long as any salt may be; PostgreSQL's own are of 16 bytes. */
const SALT_MAX = 344;

/** Of SCRAM's server-first message (RFC 5802). Undefined for what could not be made again as it stands there. */
export function scramFormOf(serverFirst: string): KeptForm | undefined {
  const [, salt = "", count = ""] = /^r=[^,]*,s=([A-Za-z0-9+/]+={0,2}),i=([1-9]\d{0,6})$/.exec(serverFirst) ?? [];
  const isAsWritten = Buffer.from(salt, "base64").toString("base64") === salt;
  if (salt === "" || salt.length > SALT_MAX || !isAsWritten) return undefined;
  return { way: "scram", salt, iterations: Number(count) };
}

/** The verifier of a password in this form; MD5 salts with the role's name. */
export const verifierIn = (form: KeptForm, password: string, role: string): string =>
  form.way === "scram"
    ? scramVerifier(password, Buffer.from(form.salt, "base64"), form.iterations)
    : `md5${createHash("md5")
        .update(password + role, "utf8")
        .digest("hex")}`;
