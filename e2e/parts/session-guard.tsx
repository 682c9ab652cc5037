import { useState } from "react";
import { createRoot } from "react-dom/client";
import { SessionGuard, useSessionGuard } from "@/components/session/session-guard";
import type { ActionResult, PublicError } from "@/lib/api/http/public-error";

/** A server that wants a new sign-in, or the password first, as long as it has not had it. */
const server = { confirmed: false, signedIn: false };
const refusal = (error: Partial<PublicError>): ActionResult<string> => ({
  ok: false,
  error: { code: "forbidden", message: "No", fields: [], requestId: "", ...error },
});
const writes: Record<string, () => ActionResult<string>> = {
  first: () => (server.confirmed ? { ok: true, value: "" } : refusal({ details: { step_up: true } })),
  second: () => (server.confirmed ? { ok: true, value: "" } : refusal({ details: { step_up: true } })),
  third: () => (server.signedIn ? { ok: true, value: "" } : refusal({ code: "unauthenticated" })),
};

function Writes() {
  const guard = useSessionGuard();
  const [answers, setAnswers] = useState<string[]>([]);
  const write = async (name: string) => {
    const { ok } = await guard(async () => writes[name]?.() ?? refusal({}));
    setAnswers((before) => [...before, `${name}: ${ok ? "done" : "refused"}`]);
  };
  const writeAll = () => {
    for (const name of Object.keys(writes)) void write(name);
  };
  return (
    <>
      <button type="button" onClick={writeAll}>
        Write
      </button>
      <ul>
        {answers.map((answer) => (
          <li key={answer}>{answer}</li>
        ))}
      </ul>
    </>
  );
}

const confirmPassword = async (): Promise<ActionResult<void>> => {
  server.confirmed = true;
  server.signedIn = true;
  return { ok: true, value: undefined };
};

createRoot(document.body.appendChild(document.createElement("main"))).render(
  <SessionGuard confirmPassword={confirmPassword}>
    <Writes />
  </SessionGuard>,
);
