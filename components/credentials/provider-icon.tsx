import {
  Database,
  FolderSync,
  type LucideIcon,
  Mail,
  MessagesSquare,
  Plug,
  UserRoundCheck,
  Workflow,
} from "lucide-react";
import { cn } from "@/components/ui/class-names";
import type { Category } from "@/lib/providers/define";
import { listingAmong, useOwnKinds } from "./own-kinds";

const icons: Record<Category, LucideIcon> = {
  automation: Workflow,
  human_in_the_loop: UserRoundCheck,
  database: Database,
  messaging: Mail,
  agent_in_the_loop: MessagesSquare,
  storage: FolderSync,
};

/** Ours by what they are for; the many kinds of files by their first two letters, since nobody's logo is ours to show. */
export function ProviderIcon({ provider, className }: { provider: string; className?: string }) {
  const listing = listingAmong(useOwnKinds(), provider);
  if (listing?.monogram) return <Monogram letters={listing.monogram} className={className} />;
  const Icon = listing ? icons[listing.category] : Plug;
  return <Icon aria-hidden className={cn("size-4 shrink-0", className)} />;
}

const Monogram = ({ letters, className }: { letters: string; className?: string | undefined }) => (
  <svg aria-hidden viewBox="0 0 24 24" fill="none" className={cn("size-4 shrink-0", className)}>
    <rect x="1" y="1" width="22" height="22" rx="6" stroke="currentColor" strokeWidth="1.75" />
    <text x="12" y="16.25" textAnchor="middle" fill="currentColor" fontSize="11.5" fontWeight="700">
      {letters}
    </text>
  </svg>
);
