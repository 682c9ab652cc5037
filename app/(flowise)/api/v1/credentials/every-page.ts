import type { CredentialPage, CredentialView } from "@/lib/credentials";

/** This dialect's lists have no pages: ours are put together. */
export async function everyPage(
  read: (cursor: string | undefined) => Promise<CredentialPage>,
): Promise<CredentialView[]> {
  const all: CredentialView[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await read(cursor);
    all.push(...items);
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return all;
}
