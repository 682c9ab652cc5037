"use client";

import { type ComponentProps, useEffect, useRef } from "react";
import { cn } from "./class-names";
import { useInBrowser } from "./use-in-browser";

/** Every form that sends something. POST, because what is typed must not come into an address, whoever sends it. */
export const Form = ({ children, className, ...props }: ComponentProps<"form">) => (
  <form method="post" noValidate {...props}>
    <OnceAlive className={cn("space-y-4", className)}>{children}</OnceAlive>
  </form>
);

/**
 * Controls that wait until React has the page. Before that a form's own values would be put over what was typed, and
 * the browser would send the form by itself, as if nobody had written what it is for.
 */
export function OnceAlive({ children, className }: Pick<ComponentProps<"fieldset">, "children" | "className">) {
  const inBrowser = useInBrowser();
  const fields = useRef<HTMLFieldSetElement>(null);
  // A field that could not take the focus when the page came gets it now, unless the focus went elsewhere meanwhile.
  useEffect(() => {
    if (!inBrowser || document.activeElement !== document.body) return;
    fields.current?.querySelector<HTMLElement>("[autofocus]")?.focus();
  }, [inBrowser]);
  return (
    <fieldset
      ref={fields}
      disabled={!inBrowser}
      data-waking={inBrowser ? undefined : ""}
      role="none"
      className={cn("min-w-0", className)}
    >
      {children}
    </fieldset>
  );
}
