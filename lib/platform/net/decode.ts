import "server-only";
import { promisify } from "node:util";
import zlib, { type ZlibOptions } from "node:zlib";
import type { Budget } from "./budget";

/** A body came in a coding that was not asked for and is not known here, or is none of what it says. */
export class Undecodable extends Error {
  constructor() {
    super("The answer is encoded in a way that is not understood");
  }
}

type Decode = (body: Buffer, options: ZlibOptions) => Promise<Buffer>;
const CODINGS: Readonly<Record<string, Decode>> = {
  gzip: promisify(zlib.gunzip) as Decode,
  "x-gzip": promisify(zlib.gunzip) as Decode,
  deflate: promisify(zlib.inflate) as Decode,
  br: promisify(zlib.brotliDecompress) as Decode,
};
/** Codings upon codings that are taken off; nobody sends more. */
const LAYERS = 2;

/**
 * The body without its codings. Requests ask for none; a server that encodes all the same is understood, as long as what
 * comes out of every layer stays within the budget.
 * @throws OverBudget, Undecodable
 */
export async function decoded(body: Buffer, codings: string, budget: Budget): Promise<Buffer> {
  const layers = codings
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
  if (layers.length > LAYERS) throw new Undecodable();
  let plain = body;
  for (const name of layers.reverse()) {
    const inner = await layer(name, plain, budget);
    budget.release(plain.length);
    plain = inner;
  }
  return plain;
}

async function layer(name: string, body: Buffer, budget: Budget): Promise<Buffer> {
  const decode = Object.hasOwn(CODINGS, name) ? CODINGS[name] : undefined;
  if (!decode) throw new Undecodable();
  // One byte more than fits is enough to know.
  const most = Math.max(1, budget.left) + 1;
  const inner = await decode(body, { maxOutputLength: most }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ERR_BUFFER_TOO_LARGE") budget.hold(most);
    throw new Undecodable();
  });
  budget.hold(inner.length);
  return inner;
}
