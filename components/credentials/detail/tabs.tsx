"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/class-names";
import { LinkPending } from "@/components/ui/link-pending";

const tabs = [
  { path: "", label: "Overview" },
  { path: "/configuration", label: "Configuration" },
  { path: "/access", label: "Access" },
  { path: "/tests", label: "Tests" },
  { path: "/activity", label: "Activity" },
];

/** Each tab is a page with its own address. */
export function Tabs({ base }: { base: string }) {
  const here = usePathname();
  return (
    <nav aria-label="Parts of this credential" className="mb-5 overflow-x-auto border-line border-b">
      <ul className="flex gap-5">
        {tabs.map(({ path, label }) => {
          const current = here === base + path;
          return (
            <li key={path}>
              <Link
                href={base + path}
                aria-current={current ? "page" : undefined}
                className={cn(
                  "-mb-px block border-transparent border-b-2 px-0.5 py-2 font-medium text-soft -outline-offset-2 hover:text-ink",
                  current && "border-accent text-ink",
                )}
              >
                {label}
                <LinkPending />
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
