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
import { findProvider } from "@/lib/providers/index";

const icons: Record<Category, LucideIcon> = {
  automation: Workflow,
  human_in_the_loop: UserRoundCheck,
  database: Database,
  messaging: Mail,
  agent_in_the_loop: MessagesSquare,
  storage: FolderSync,
};

export function ProviderIcon({ provider, className }: { provider: string; className?: string }) {
  const category = findProvider(provider)?.category;
  const Icon = category ? icons[category] : Plug;
  return <Icon aria-hidden className={cn("size-4 shrink-0", className)} />;
}
