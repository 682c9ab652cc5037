import { Callout } from "@/components/ui/callout";
import type { Page } from "@/lib/platform/pagination";
import type { InstanceView } from "@/lib/plugin-instances";

/** Named in a dialog; the credential's page has them all. */
const NAMED = 4;

interface Props {
  uses: Page<InstanceView>;
  /** What becomes of them, as in "3 tasks are registered as using it, and will fail". */
  consequence: string;
}

/** The first of the tasks that are registered as using a credential; nothing where there is none. */
export function UsesNotice({ uses: { items, total }, consequence }: Props) {
  if (total === 0) return null;
  const named = items.slice(0, NAMED);
  const title =
    total === 1
      ? `One task is registered as using it, and ${consequence}:`
      : `${total.toLocaleString("en")} tasks are registered as using it, and ${consequence}:`;
  return (
    <Callout tone="warn" title={title}>
      <ul aria-label="Registered tasks" className="mt-1 space-y-1">
        {named.map((use) => (
          <li key={use.id}>
            <span className="wrap-anywhere line-clamp-2 font-medium">{use.taskName}</span>
            <span className="wrap-anywhere block font-mono text-soft text-xs">
              <span className="sr-only">of the flow </span>
              {use.flowId}
            </span>
          </li>
        ))}
        {total > named.length && <li className="text-soft">and {(total - named.length).toLocaleString("en")} more</li>}
      </ul>
    </Callout>
  );
}
