"use client";

import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";

/**
 * A page that one has come to by a link or a save takes the focus, where what had it is gone: to its first field if it is a form,
 * else to its heading. The first page of a visit is left to the browser.
 */
export function FocusOnArrival() {
  const path = usePathname();
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    if (document.activeElement !== document.body) return;
    const page = document.getElementById("page");
    const target = (hasKeyboard() && page?.querySelector<HTMLElement>(FIRST_FIELD)) || page?.querySelector("h1");
    if (!target) return;
    if (target.tagName === "H1") target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }, [path]);
  return null;
}

/** Of a form that fills the page, marked by who draws it. */
const FIRST_FIELD = "[data-first-field] :is(input:not([type=hidden],[type=radio]),select,textarea):not(:disabled)";

/** On a phone the focus would bring the keyboard up over the form. */
const hasKeyboard = () => window.matchMedia("(pointer: fine)").matches;
