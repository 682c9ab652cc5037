import Link from "next/link";
import { Callout } from "@/components/ui/callout";
import type { NamedSubject } from "@/lib/access";

const NAMED = 10;

/** Says which programs reach everything for no other reason than that they were there first, and where that is changed. */
export function FromBefore({ programs, mayChange }: { programs: NamedSubject[]; mayChange: boolean }) {
  if (programs.length === 0) return null;
  const one = programs.length === 1;
  return (
    <Callout
      tone="warn"
      className="mb-5"
      title={`${one ? "One service account fetches" : `${programs.length} service accounts fetch`} every credential, because ${one ? "it was" : "they were"} there before access was given one by one`}
    >
      <p>
        {mayChange
          ? `Open ${one ? "it" : "one"} to see what it fetched lately, and to narrow it to that:`
          : `An administrator can narrow ${one ? "it to what it needs" : "them to what they need"}:`}
      </p>
      <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-2">
        {programs.slice(0, NAMED).map(({ id, name }) => (
          <li key={id}>
            <Link href={`/service-accounts/${id}`} className="wrap-anywhere text-accent underline underline-offset-2">
              {name}
            </Link>
          </li>
        ))}
        {programs.length > NAMED && <li>and {programs.length - NAMED} more</li>}
      </ul>
    </Callout>
  );
}
