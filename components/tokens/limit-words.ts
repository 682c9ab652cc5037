import { rightLabels } from "@/components/access/words";
import type { TokenLimits } from "@/lib/vocabulary/access";

const counted = (count: number, one: string, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;

/** What a token is narrowed to, each limit in a few words; none where it may do all that its owner may. */
export function limitWords(limits: TokenLimits | null): string[] {
  if (!limits) return [];
  const { rights, credentialIds, tags, kinds, networks } = limits;
  return [
    ...(rights ? [`only ${rights.map((right) => rightLabels[right].toLowerCase()).join(", ") || "nothing"}`] : []),
    ...(credentialIds ? [`only ${counted(credentialIds.length, "credential")}`] : []),
    ...(tags ? [`only tagged ${tags.join(", ")}`] : []),
    ...(kinds ? [`only ${counted(kinds.length, "kind")}`] : []),
    ...(networks ? [`only from ${networks.join(", ")}`] : []),
  ];
}

/** As a form holds it: every part there, nothing for what is not narrowed. */
export interface TypedLimits {
  rights: NonNullable<TokenLimits["rights"]>;
  credentialIds: readonly string[];
  tags: string;
  kinds: readonly string[];
  networks: string;
}

export const typedLimits = (limits: TokenLimits | null): TypedLimits => ({
  rights: limits?.rights ?? [],
  credentialIds: limits?.credentialIds ?? [],
  tags: limits?.tags?.join(", ") ?? "",
  kinds: limits?.kinds ?? [],
  networks: limits?.networks?.join(", ") ?? "",
});

/** As it is sent; null where nothing is narrowed. */
export function limitsOf({ rights, credentialIds, tags, kinds, networks }: TypedLimits): TokenLimits | null {
  const given = { rights, credentialIds, tags: words(tags), kinds, networks: words(networks) };
  const parts = Object.entries(given).filter(([, list]) => list.length > 0);
  return parts.length === 0 ? null : Object.fromEntries(parts.map(([name, list]) => [name, [...list]]));
}

const words = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter(Boolean);
