import { type ReactNode, useId } from "react";
import { cn } from "./class-names";

interface Props<T extends string> {
  /** What is chosen here; read out before the choices. */
  label: string;
  labelHidden?: boolean;
  value: T;
  options: { value: T; label: ReactNode; name?: string; disabled?: boolean }[];
  onChange: (value: T) => void;
  className?: string;
}

/** One of a few, side by side: real radio buttons, so arrow keys work and the group has a name. */
export function Segmented<T extends string>({
  label,
  labelHidden = true,
  value,
  options,
  onChange,
  className,
}: Props<T>) {
  const group = useId();
  return (
    <fieldset className={cn("min-w-0", className)}>
      <legend className={labelHidden ? "sr-only" : "mb-1.5 font-medium"}>{label}</legend>
      <div className="inline-flex max-w-full flex-wrap gap-0.5 rounded-lg border border-line bg-sunken p-0.5">
        {options.map((option) => (
          <label
            key={option.value}
            className="relative inline-flex min-h-7 items-center gap-1.5 rounded-md px-2.5 text-soft text-sm has-checked:bg-surface has-checked:font-medium has-checked:text-ink has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-accent has-disabled:opacity-50"
          >
            <input
              type="radio"
              className="absolute inset-0 m-0 cursor-pointer appearance-none disabled:cursor-not-allowed rounded-md outline-none"
              name={group}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled ?? false}
              onChange={() => onChange(option.value)}
              {...(option.name !== undefined && { "aria-label": option.name })}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
