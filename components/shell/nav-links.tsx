"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/class-names";
import { LinkPending } from "@/components/ui/link-pending";
import { type Place, places } from "./places";
import { WaitingRequests } from "./waiting-requests";

export function NavLinks({ shown, onGo }: { shown: Place[]; onGo?: () => void }) {
  const path = usePathname();
  return (
    <ul className="space-y-0.5">
      {shown.map((name) => {
        const { href, label, icon: Icon } = places[name];
        const here = path === href || path.startsWith(`${href}/`);
        return (
          <li key={name}>
            <Link
              href={href}
              aria-current={here ? "page" : undefined}
              {...(onGo && { onClick: onGo })}
              className={cn(
                "flex h-8.5 items-center gap-2.5 rounded-md px-2.5 font-medium text-soft hover:bg-sunken hover:text-ink",
                here && "bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent",
              )}
            >
              <Icon aria-hidden className="size-4" />
              {label}
              {name === "requests" && <WaitingRequests />}
              <LinkPending />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
