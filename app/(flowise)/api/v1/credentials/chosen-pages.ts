import type { Call } from "@/lib/api/http/call";
import { kindOf, providerOfKind } from "@/lib/api/wire/flowise/kinds";
import { item } from "@/lib/api/wire/flowise/present";
import { type CredentialView, credentialPages } from "@/lib/credentials";

type Item = ReturnType<typeof item>;

/** This dialect's list as it is read: oldest first, or kind by kind in the order asked for, a kind asked for twice twice. */
export async function* chosenPages(actor: Call["actor"], kinds: string[] | undefined): AsyncGenerator<Item[]> {
  const sort = "created_at";
  const shown = (views: CredentialView[]) => views.map((view) => item(view, actor.orgId));
  if (!kinds) for await (const page of credentialPages(actor, { sort })) yield shown(page);
  for (const kind of kinds ?? []) {
    const { provider } = providerOfKind(kind);
    for await (const page of credentialPages(actor, { sort, providers: [provider] }))
      yield shown(page.filter((view) => kindOf(view) === kind));
  }
}
