import { diffLines } from "diff";
import { cn } from "@/components/ui/class-names";

interface Stretch {
  theirs: string;
  mine: string;
  differs: boolean;
}

/** Two texts side by side, stretch by stretch of lines that are the same or differ. */
export const TextComparison = ({ theirs, mine }: { theirs: string; mine: string }) => (
  <table className="mt-3 w-full table-fixed border-separate border-spacing-0 rounded-md border border-line bg-surface text-xs">
    <caption className="sr-only">Their text and yours</caption>
    <thead>
      <tr className="text-left text-soft">
        {["On the server now", "Yours"].map((title) => (
          <th key={title} scope="col" className="border-line border-b px-2.5 py-1.5 font-medium">
            {title}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {stretchesOf(theirs, mine).map((stretch, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: stretches are drawn anew with each text
        <tr key={at} className="align-top">
          <Lines text={stretch.theirs} differs={stretch.differs} />
          <Lines text={stretch.mine} differs={stretch.differs} />
        </tr>
      ))}
    </tbody>
  </table>
);

const Lines = ({ text, differs }: { text: string; differs: boolean }) => (
  <td
    className={cn("wrap-anywhere whitespace-pre-wrap px-2.5 py-0.5 font-mono", differs ? "font-medium" : "text-soft")}
  >
    {differs && <span className="sr-only">Differs: </span>}
    {differs && text === "" ? <span className="font-sans text-soft">not there</span> : text.replace(/\n$/, "")}
  </td>
);

function stretchesOf(theirs: string, mine: string): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { value, added, removed } of diffLines(theirs, mine)) {
    const last = stretches.at(-1);
    if (added && last?.differs && last.mine === "") last.mine = value;
    else stretches.push({ theirs: added ? "" : value, mine: removed ? "" : value, differs: added || removed });
  }
  return stretches;
}
