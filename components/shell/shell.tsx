import type { ReactNode } from "react";
import { Brand } from "./brand";
import { FocusOnArrival } from "./focus-on-arrival";
import { NavLinks } from "./nav-links";
import { PhoneBar } from "./phone-bar";
import type { Place } from "./places";

interface Props {
  shown: Place[];
  palette: ReactNode;
  accountMenu: ReactNode;
  children: ReactNode;
}

/** A side bar where there is room, a bar on top with a drawer on a phone, and the page. */
export const Shell = ({ shown, palette, accountMenu, children }: Props) => (
  <div className="min-h-dvh md:grid md:grid-cols-[13.5rem_minmax(0,1fr)]">
    <a
      href="#page"
      className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
    >
      Skip to the page
    </a>
    <header className="sticky top-0 hidden h-dvh flex-col gap-4 border-line border-r bg-surface px-3 py-4 md:flex">
      <div className="px-2">
        <Brand />
      </div>
      {palette}
      <nav aria-label="Main" className="flex-1 overflow-y-auto">
        <NavLinks shown={shown} />
      </nav>
      {accountMenu}
    </header>
    <PhoneBar shown={shown} palette={palette} accountMenu={accountMenu} />
    <main id="page" tabIndex={-1} className="mx-auto w-full min-w-0 max-w-[100rem] px-4 py-5 outline-none md:px-6">
      <FocusOnArrival />
      {children}
    </main>
  </div>
);
