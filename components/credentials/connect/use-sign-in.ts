"use client";

import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import { refusalIn } from "@/components/feed";
import { useSessionGuard } from "@/components/session/session-guard";
import { unreachable } from "@/components/session/unreachable";
import type { ActionResult, PublicError } from "@/lib/api/http/public-error";
import type { CredentialType } from "@/lib/providers/define";
import { type AuthorizationNotice, SIGN_IN_CHANNEL } from "@/lib/vocabulary/authorization-outcome";

export type SignInSubject = { id: string } | { provider: string; type: CredentialType; name?: string; tags?: string[] };

export type SignIn =
  | { phase: "idle" }
  | { phase: "starting" }
  /** The provider's page is open in a window of its own; `closed` when that window cannot be seen any more. */
  | { phase: "waiting"; closed: boolean; flowId: string }
  /** The browser allowed no window: this page itself goes there. */
  | { phase: "leaving" }
  | { phase: "ended"; notice: AuthorizationNotice }
  | { phase: "refused"; error: PublicError };

interface Options {
  /** Where to come back to when no window could be opened. */
  returnTo: string;
  onConnected: (notice: AuthorizationNotice) => void;
}

/**
 * Signing in at a provider in a window of its own. The window is opened in the click, empty, or the browser would take it
 * for an advertisement; it cannot reach this page, and this page hears of the ending from our own origin alone.
 */
export function useSignIn({ returnTo, onConnected }: Options) {
  const [state, setState] = useState<SignIn>({ phase: "idle" });
  const [opened, setOpened] = useState<Window | null>(null);
  const guard = useSessionGuard();
  const flowId = state.phase === "waiting" ? state.flowId : undefined;
  const end = (notice: AuthorizationNotice) => {
    setState({ phase: "ended", notice });
    opened?.close();
    if (notice.ending === "connected") onConnected(notice);
  };
  useNotice(flowId, end);
  useWatch(flowId === undefined ? null : opened, () =>
    setState((now) => (now.phase === "waiting" ? { ...now, closed: true } : now)),
  );

  const begin = async (subject: SignInSubject, scopes: string[] | undefined) => {
    opened?.close();
    const popup = openEmpty();
    setOpened(popup);
    setState({ phase: "starting" });
    const body = { ...subject, ...(scopes && { scopes }), ...(!popup && { returnTo }) };
    const result = await guard(() => start(body));
    if (!result.ok) {
      popup?.close();
      return setState({ phase: "refused", error: result.error });
    }
    if (!popup) {
      setState({ phase: "leaving" });
      return window.location.assign(result.value.url);
    }
    setState({ phase: "waiting", closed: popup.closed, flowId: result.value.id });
    if (!popup.closed) popup.location.replace(result.value.url);
  };
  return { state, begin, show: () => opened?.focus(), reset: () => setState({ phase: "idle" }) };
}

/** Null where the browser opens no windows. */
function openEmpty(): Window | null {
  const popup = window.open("", "_blank", "popup,width=560,height=720");
  if (popup) popup.opener = null;
  return popup;
}

const startedSignIn = z.object({ id: z.string(), url: z.string() });

async function start(body: object): Promise<ActionResult<{ id: string; url: string }>> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch("/credentials/sign-in", { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) return { ok: false, error: await refusalIn(answer) };
  const read = startedSignIn.safeParse(await answer.json().catch(() => undefined));
  return read.success ? { ok: true, value: read.data } : { ok: false, error: unreachable };
}

function useNotice(flowId: string | undefined, onNotice: (notice: AuthorizationNotice) => void): void {
  const heard = useRef(onNotice);
  useEffect(() => {
    heard.current = onNotice;
  });
  useEffect(() => {
    if (flowId === undefined) return;
    const channel = new BroadcastChannel(SIGN_IN_CHANNEL);
    channel.onmessage = ({ data, origin }: MessageEvent<AuthorizationNotice>) => {
      // A state that nobody knows any more names no sign-in; nobody else's ending is taken for this one's.
      if (origin === window.location.origin && data.flowId === flowId) heard.current(data);
    };
    return () => channel.close();
  }, [flowId]);
}

const LOOK_MS = 500;

function useWatch(opened: Window | null, onClosed: () => void): void {
  const closed = useRef(onClosed);
  useEffect(() => {
    closed.current = onClosed;
  });
  useEffect(() => {
    if (!opened) return;
    const timer = setInterval(() => {
      if (!opened.closed) return;
      clearInterval(timer);
      closed.current();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [opened]);
}
