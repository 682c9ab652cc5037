"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";

/** Asks before typed text is left behind: on links, on the browser's back button where it can, on closing the tab. */
export function UnsavedGuard({ dirty }: { dirty: boolean }) {
  const router = useRouter();
  const [leaving, setLeaving] = useState<(() => void) | null>(null);
  useEffect(() => {
    if (!dirty) return;
    const ask = (leave: () => void) => setLeaving(() => leave);
    return listen(ask, (href) => router.push(href));
  }, [dirty, router]);
  return (
    <Dialog
      alert
      open={leaving !== null}
      onOpenChange={() => setLeaving(null)}
      title="Leave without saving?"
      description="What you typed on this page is not saved. It is lost when you leave."
      footer={
        <>
          <Button onClick={() => setLeaving(null)}>Stay</Button>
          <Button
            variant="danger"
            onClick={() => {
              setLeaving(null);
              leaving?.();
            }}
          >
            Leave
          </Button>
        </>
      }
    />
  );
}

function listen(ask: (leave: () => void) => void, go: (href: string) => void): () => void {
  const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
  const onClick = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link?.href || !plain || link.target === "_blank" || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    if (url.origin !== window.location.origin || url.pathname === window.location.pathname) return;
    event.preventDefault();
    event.stopPropagation();
    ask(() => go(url.pathname + url.search));
  };
  const offTraverse = onTraverse(ask);
  window.addEventListener("beforeunload", onUnload);
  document.addEventListener("click", onClick, { capture: true });
  return () => {
    offTraverse();
    window.removeEventListener("beforeunload", onUnload);
    document.removeEventListener("click", onClick, { capture: true });
  };
}

/** Going back can be stopped only where the Navigation API exists and after the person did something on the page. */
function onTraverse(ask: (leave: () => void) => void): () => void {
  const { navigation } = window;
  if (!navigation) return () => {};
  let allowed = false;
  const onNavigate = (event: NavigateEvent) => {
    if (event.navigationType !== "traverse" || !event.cancelable || allowed) return;
    event.preventDefault();
    const { key } = event.destination;
    ask(() => {
      allowed = true;
      navigation.traverseTo(key);
    });
  };
  navigation.addEventListener("navigate", onNavigate);
  return () => navigation.removeEventListener("navigate", onNavigate);
}
