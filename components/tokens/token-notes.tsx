"use client";

import { useQueryClient } from "@tanstack/react-query";
import { History, TriangleAlert } from "lucide-react";
import { toast } from "sonner";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import { tokenLabel } from "./messages";
import type { TokenActions, TokenRow } from "./token-actions";
import { tokenKeys } from "./tokens-query";

interface WeakProps {
  token: TokenRow;
  onRotate: () => void;
}

/** Its caller chose it, and anybody could guess it. */
export const WeakNote = ({ token, onRotate }: WeakProps) => (
  <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-md bg-warn-soft px-2.5 py-1.5 text-warn">
    <TriangleAlert aria-hidden className="size-4 shrink-0" />
    <p className="min-w-0 flex-1 basis-60">
      Too easy to guess. It does not sign in, unless whoever runs Latchkey allows such tokens.
    </p>
    {token.mayChange && (
      <Button size="small" onClick={onRotate} aria-label={`Rotate ${tokenLabel(token)}`}>
        Rotate
      </Button>
    )}
  </div>
);

interface UnlimitedProps {
  token: TokenRow;
  onNarrow: () => void;
}

/** It was there before tokens could be narrowed, and nobody has decided about that. */
export const UnlimitedNote = ({ token, onNarrow }: UnlimitedProps) => (
  <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-md bg-warn-soft px-2.5 py-1.5 text-warn">
    <TriangleAlert aria-hidden className="size-4 shrink-0" />
    <p className="min-w-0 flex-1 basis-60">
      From before tokens could be narrowed: it may do all that its owner may. Narrow it, or save it as it is.
    </p>
    {token.mayChange && (
      <Button size="small" onClick={onNarrow} aria-label={`Narrow ${tokenLabel(token)}`}>
        Narrow…
      </Button>
    )}
  </div>
);

interface OldProps {
  token: TokenRow;
  endOverlap: TokenActions["endOverlap"];
}

/** The secrets before the present one that still work, and whether anything uses them. */
export function OldSecrets({ token, endOverlap }: OldProps) {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: tokenKeys.all });
  const { run, busy } = useAction(endOverlap, {
    onDone: () => {
      toast.success(`Only the new secret of “${tokenLabel(token)}” works now`);
      return refresh();
    },
    onRefused: (error) => toast.error(error.message),
  });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-md bg-sunken px-2.5 py-1.5">
      <History aria-hidden className="size-4 shrink-0 text-soft" />
      <ul className="min-w-0 flex-1 basis-60">
        {token.superseded.map((old) => (
          <li key={`${old.lastFour} ${old.until}`}>
            The old secret {old.lastFour && <code className="font-mono text-xs">…{old.lastFour}</code>} works until{" "}
            <Time at={old.until} form="exact" />.{" "}
            {old.lastUsedAt ? (
              <span className="font-medium text-warn">
                It was used <Time at={old.lastUsedAt} />.
              </span>
            ) : (
              <span className="text-good">Not used since the rotation.</span>
            )}
          </li>
        ))}
      </ul>
      <span className="flex gap-2">
        <Button size="small" variant="quiet" onClick={() => void refresh()}>
          Look again
        </Button>
        {token.mayChange && (
          <Button
            size="small"
            busy={busy}
            onClick={() => run({ id: token.id, own: token.own })}
            aria-label={`End now: the old secret of ${tokenLabel(token)}`}
          >
            End now
          </Button>
        )}
      </span>
    </div>
  );
}
