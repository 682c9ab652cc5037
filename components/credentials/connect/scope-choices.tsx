import { useId } from "react";
import type { ScopeChoice } from "@/lib/providers/authorization";

interface Props {
  choices: ScopeChoice[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

/** What may be chosen of a provider's permissions; what every sign-in needs is no choice. */
export function ScopeChoices({ choices, chosen, onChange }: Props) {
  const offered = choices.filter(({ always }) => !always);
  const id = useId();
  if (offered.length === 0) return null;
  const toggle = (value: string, on: boolean) =>
    onChange(on ? [...chosen, value] : chosen.filter((one) => one !== value));
  return (
    <fieldset>
      <legend className="font-medium">Permissions</legend>
      <p className="text-soft text-sm">Ask for what your workflows need, and no more.</p>
      <ul className="mt-1.5 space-y-0.5">
        {offered.map(({ value, label, help }) => (
          <li key={value}>
            <label className="flex min-h-6 items-start gap-2 py-0.5">
              <input
                type="checkbox"
                className="mt-0.5 size-4 shrink-0 accent-accent"
                checked={chosen.includes(value)}
                onChange={(event) => toggle(value, event.target.checked)}
                {...(help && { "aria-describedby": `${id}-${value}` })}
              />
              <span className="min-w-0">
                {label}
                {help && (
                  <span id={`${id}-${value}`} className="block text-soft text-sm">
                    {help}
                  </span>
                )}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** What is ticked before anybody chooses. */
export const presets = (choices: ScopeChoice[]): string[] =>
  choices.filter(({ preset, always }) => preset && !always).map(({ value }) => value);
