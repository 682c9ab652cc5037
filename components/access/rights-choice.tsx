import { useId } from "react";
import { type Right, rights } from "@/lib/vocabulary/access";
import { rightLabels, rightMeaning } from "./words";

interface Props {
  chosen: readonly Right[];
  onChange: (chosen: Right[]) => void;
  error?: string | undefined;
}

/** The rights in plain words, each with what it means. */
export function RightsChoice({ chosen, onChange, error }: Props) {
  const id = useId();
  return (
    <fieldset {...(error && { "aria-describedby": `${id}-error` })}>
      <legend className="font-medium">They may</legend>
      <ul className="mt-1 space-y-0.5">
        {rights.map((right) => (
          <li key={right}>
            <label className="flex min-h-6 items-start gap-2 py-0.5">
              <input
                type="checkbox"
                className="mt-0.5 size-4 shrink-0 accent-accent"
                checked={chosen.includes(right)}
                aria-label={rightLabels[right]}
                aria-describedby={`${id}-${right}`}
                onChange={({ target }) =>
                  onChange(rights.filter((one) => (one === right ? target.checked : chosen.includes(one))))
                }
              />
              <span className="min-w-0">
                {rightLabels[right]}
                <span id={`${id}-${right}`} className="block text-soft text-sm">
                  {rightMeaning[right]}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      {error && (
        <p id={`${id}-error`} className="text-bad text-sm">
          {error}
        </p>
      )}
    </fieldset>
  );
}
