import Link from "next/link";
import type { Column } from "@/components/list/list-table";
import { Badge } from "@/components/ui/badge";
import { Time } from "@/components/ui/time";
import type { ExposedCredential } from "@/lib/access";

/** Read and set are two ways to know one credential: both stand on a row of their own. */
export const keyOf = ({ id, how }: ExposedCredential): string => `${id} ${how}`;

const howWords: Record<ExposedCredential["how"], string> = { fetched: "Read by a program", set: "Put in by a person" };

interface Selection {
  chosen: ReadonlySet<string>;
  toggle: (id: string) => void;
}

export const exposedColumns = (
  { chosen, toggle }: Selection,
  kindOf: (provider: string) => string,
): Column<ExposedCredential>[] => [
  {
    id: "select",
    head: "Select",
    headHidden: true,
    className: "w-9",
    cell: ({ id, name, how }) => (
      <input
        type="checkbox"
        className="size-4 accent-accent"
        aria-label={`Select: ${name}, ${howWords[how].toLowerCase()}`}
        checked={chosen.has(id)}
        onChange={() => toggle(id)}
      />
    ),
  },
  {
    id: "name",
    head: "Credential",
    className: "w-auto",
    cell: (row) => (
      <>
        <span className="wrap-anywhere block font-medium">
          <Link href={`/credentials/${row.id}`} className="hover:underline">
            {row.name}
          </Link>{" "}
          {!row.active && <Badge>Disabled</Badge>}
        </span>
        <span className="wrap-anywhere block text-soft text-xs">{kindOf(row.provider)}</span>
        <span className="block text-soft text-xs md:hidden">
          {howWords[row.how]}, {timesWord(row.times).toLowerCase()}
        </span>
      </>
    ),
  },
  { id: "how", head: "How", className: "w-40 max-md:hidden", cell: ({ how }) => howWords[how] },
  { id: "times", head: "How often", className: "w-28 max-md:hidden", cell: ({ times }) => timesWord(times) },
  { id: "last", head: "Last", className: "w-32", cell: ({ lastAt }) => <Time at={lastAt} /> },
];

const timesWord = (times: number): string => (times === 1 ? "Once" : `${times} times`);
