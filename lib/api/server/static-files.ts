import "server-only";
import { readdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, relative, sep } from "node:path";
import Negotiator from "negotiator";
import send from "send";
import { retire } from "./exchange";

/** Begins the answer to a request for a file of the console's build; false when there is none at this path. */
export type StaticFiles = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/** Where Next puts what browsers load. A name there is one content's for ever. */
const PREFIX = "/_next/static/";
/** The smaller forms that the build makes of a file, and what stands behind its name for each. The first is the smallest. */
const FORMS = { br: ".br", gzip: ".gz" } as const;
type Form = keyof typeof FORMS;

/**
 * The files of the console's build, as they are named at the start, each in the smallest form that was made of it and that the client
 * takes. They need neither the console nor the database.
 * @param folder the build's `static`; where it is not there, nor is any file
 */
export function staticFiles(folder: string | undefined): StaticFiles {
  if (folder === undefined) return () => false;
  const names = new Set(filesBelow(folder));
  return (incoming, outgoing) => {
    const name = isRead(incoming) ? nameIn(incoming.url ?? "") : undefined;
    if (name === undefined || !names.has(name)) return false;
    const made = (Object.keys(FORMS) as Form[]).filter((form) => names.has(name + FORMS[form]));
    const form = formFor(incoming, made);
    // Written by the library, and so not begun where other answers are.
    if (incoming.headers.upgrade !== undefined) retire(outgoing);
    outgoing.setHeader("X-Content-Type-Options", "nosniff");
    outgoing.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    if (made.length > 0) outgoing.setHeader("Vary", "Accept-Encoding");
    const file = send(incoming, encodeURI(`/${name}${form ? FORMS[form] : ""}`), { root: folder, ...CACHED });
    if (form) file.on("headers", () => describe(outgoing, name, form));
    // The build was replaced under us, or the client left.
    file.on("error", () => outgoing.destroy());
    file.pipe(outgoing);
    return true;
  };
}

const CACHED = { immutable: true, maxAge: "1y", index: false, dotfiles: "allow" } as const;

const isRead = ({ method }: IncomingMessage) => method === "GET" || method === "HEAD";

function filesBelow(folder: string): string[] {
  try {
    const inside = readdirSync(folder, { recursive: true, withFileTypes: true });
    const files = inside.filter((one) => one.isFile());
    return files.map((one) => relative(folder, join(one.parentPath, one.name)).split(sep).join("/"));
  } catch {
    return []; // nothing is built
  }
}

function nameIn(target: string): string | undefined {
  const [path = ""] = target.split("?", 1);
  if (!path.startsWith(PREFIX)) return undefined;
  try {
    return decodeURIComponent(path.slice(PREFIX.length));
  } catch {
    return undefined;
  }
}

/** The smallest that the client takes. Parts of a file are parts of it as it is. */
function formFor(incoming: IncomingMessage, made: Form[]): Form | undefined {
  if (incoming.headers.range !== undefined) return undefined;
  const taken = new Negotiator(incoming).encodings(made);
  return made.find((form) => taken.includes(form));
}

/** The library takes the type from the name on the disk. */
function describe(outgoing: ServerResponse, name: string, form: Form): void {
  outgoing.setHeader("Content-Encoding", form);
  outgoing.setHeader("Content-Type", typeOf(name));
}

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  map: "application/json; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
};
const typeOf = (name: string) => TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
