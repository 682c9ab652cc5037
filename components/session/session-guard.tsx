"use client";

import { createContext, type ReactNode, useContext, useRef, useState } from "react";
import type { ActionResult, PublicError } from "@/lib/api/http/public-error";
import type { Action } from "./action";
import { PasswordDialog } from "./password-dialog";
import { SessionEndedDialog } from "./session-ended-dialog";
import { unreachable } from "./unreachable";

type Guard = <T>(run: () => Promise<ActionResult<T>>) => Promise<ActionResult<T>>;

const GuardContext = createContext<Guard>(attempt);

/** Runs a write; asks for the password or a new sign-in where the server wants one, and then runs it again. */
export const useSessionGuard = (): Guard => useContext(GuardContext);

type What = "password" | "sign-in";

interface Asking {
  what: What;
  answer: (goOn: boolean) => void;
}

interface Props {
  confirmPassword: Action<{ password: string }, void>;
  children: ReactNode;
}

/** Stands around every page, so that a session that ends under a half-filled form costs nobody what they typed. */
export function SessionGuard({ confirmPassword, children }: Props) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const { current: ask } = useRef(
    oneDialogAtATime(async (what) => {
      const goOn = await new Promise<boolean>((answer) => setAsking({ what, answer }));
      setAsking(null);
      return goOn;
    }),
  );
  // One function for the life of the page: whoever holds it need not be drawn again.
  const { current: guard } = useRef<Guard>(async (run) => {
    for (;;) {
      const result = await attempt(run);
      const what = result.ok ? undefined : wanted(result.error);
      if (what === undefined) return result;
      if (!(await ask(what))) return result;
    }
  });
  return (
    <GuardContext value={guard}>
      {children}
      {asking?.what === "password" && <PasswordDialog confirm={confirmPassword} onAnswer={asking.answer} />}
      {asking?.what === "sign-in" && <SessionEndedDialog onAnswer={asking.answer} />}
    </GuardContext>
  );
}

/**
 * Writes that ask for the same thing at the same time share one dialog and its answer; what asks for something else has
 * its dialog afterwards. None is left without an answer.
 */
function oneDialogAtATime(show: (what: What) => Promise<boolean>): (what: What) => Promise<boolean> {
  const open = new Map<What, Promise<boolean>>();
  let last: Promise<unknown> = Promise.resolve();
  const begin = (what: What) => {
    const answer = last.then(() => show(what)).finally(() => open.delete(what));
    open.set(what, answer);
    last = answer.catch(() => undefined);
    return answer;
  };
  return (what) => open.get(what) ?? begin(what);
}

function wanted(error: PublicError): What | undefined {
  if (error.code === "unauthenticated") return "sign-in";
  return error.code === "forbidden" && error.details?.step_up === true ? "password" : undefined;
}

async function attempt<T>(run: () => Promise<ActionResult<T>>): Promise<ActionResult<T>> {
  try {
    return await run();
  } catch {
    return { ok: false, error: unreachable };
  }
}
