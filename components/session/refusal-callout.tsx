import type { ReactNode } from "react";
import { Callout } from "@/components/ui/callout";
import type { PublicError } from "@/lib/api/http/public-error";

interface Props {
  error: PublicError;
  /** Field problems that no field on this page shows. */
  extra?: string[];
  actions?: ReactNode;
}

/** A refusal in plain words, with what to do next. */
export const RefusalCallout = ({ error, extra = [], actions }: Props) => (
  <Callout tone="bad" live title={error.message} actions={actions}>
    {(extra.length > 0 || next[error.code] || error.code === "internal") && (
      <>
        {extra.map((line) => (
          <p key={line}>{line}</p>
        ))}
        {next[error.code] && <p>{next[error.code]}</p>}
        {error.code === "internal" && error.requestId && (
          <p>
            Number for your operator: <code>{error.requestId}</code>
          </p>
        )}
      </>
    )}
  </Callout>
);

const next: Partial<Record<PublicError["code"], string>> = {
  forbidden: "Ask an administrator of your organisation if you need this.",
  not_found: "It may have been deleted in the meantime. Go back to the list and look again.",
  over_limit: "Delete one that nobody uses any more, or ask the platform administrator for a higher limit.",
};
