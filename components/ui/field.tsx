import { ExternalLink } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "./class-names";

export interface FieldWiring {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  required?: boolean;
}

interface Props {
  label: string;
  help?: ReactNode;
  docs?: string | undefined;
  optional?: boolean;
  /** Whether something must be entered; so it is of whatever does not say that it is optional. */
  required?: boolean;
  error?: string | undefined;
  className?: string;
  /** Gets what ties the control to its label, help and error. */
  children: (wiring: FieldWiring) => ReactNode;
}

/** A label, a control, what it means, and what is wrong with it. */
export function Field({
  label,
  help,
  docs,
  optional = false,
  required = !optional,
  error,
  className,
  children,
}: Props) {
  const id = useId();
  const helpId = help || docs ? `${id}-help` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const described = [errorId, helpId].filter(Boolean).join(" ");
  return (
    <div className={cn("min-w-0 space-y-1", className)}>
      <label htmlFor={id} className="block font-medium">
        {label}
        {optional && <span className="font-normal text-soft"> (optional)</span>}
      </label>
      {children({
        id,
        ...(required && { required }),
        ...(described && { "aria-describedby": described }),
        ...(error && { "aria-invalid": true }),
      })}
      {error && (
        <p id={errorId} className="text-bad text-sm">
          {error}
        </p>
      )}
      {helpId && (
        <p id={helpId} className="text-soft text-sm">
          {help} {docs && <DocsLink href={docs} about={label} />}
        </p>
      )}
    </div>
  );
}

export const DocsLink = ({ href, about }: { href: string; about: string }) => (
  <a
    href={href}
    target="_blank"
    rel="noreferrer"
    className="inline-flex items-center gap-1 whitespace-nowrap text-accent underline underline-offset-2"
  >
    Documentation<span className="sr-only"> of {about} (opens a new tab)</span>
    <ExternalLink aria-hidden className="size-3" />
  </a>
);
