import { Callout } from "@/components/ui/callout";
import type { Actor } from "@/lib/authorization/actor";
import { isDamaged } from "@/lib/credentials";

/** Says when the stored secret no longer opens, and what can be done about it from here. */
export async function DamageNotice({ actor, id, children }: { actor: Actor; id: string; children: string }) {
  if (!(await isDamaged(actor, id))) return null;
  return (
    <Callout tone="bad" title="The stored secret does not open" className="mb-4">
      It was damaged where it is stored, and nobody can fetch it. {children}
    </Callout>
  );
}
