import type { RefObject } from "react";
import { Callout } from "@/components/ui/callout";
import type { PublicError } from "@/lib/api/http/public-error";

interface Props {
  error: PublicError;
  area: RefObject<HTMLTextAreaElement | null>;
}

/** What is wrong with a definition, by line and field; a line leads to its place in the text. */
export const ProblemList = ({ error, area }: Props) => (
  <Callout tone="bad" live title={error.message}>
    <ul className="space-y-1">
      {error.fields.map(({ message, path }) => (
        <li key={message} className="wrap-anywhere">
          <button
            type="button"
            className="text-left underline underline-offset-2"
            onClick={() => goTo(area.current, Number(path[1]) || 1)}
          >
            {message}
          </button>
        </li>
      ))}
    </ul>
  </Callout>
);

function goTo(area: HTMLTextAreaElement | null, line: number): void {
  if (!area) return;
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((length, one) => length + one.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}
