import {
  Bot,
  Building2,
  Group,
  Import,
  Inbox,
  KeyRound,
  type LucideIcon,
  ScrollText,
  Settings,
  Ticket,
  UsersRound,
} from "lucide-react";

/** Where one can go. Which of them a person sees is the page's to say. */
export const places = {
  credentials: { href: "/credentials", label: "Credentials", icon: KeyRound },
  serviceAccounts: { href: "/service-accounts", label: "Service accounts", icon: Bot },
  tokens: { href: "/tokens", label: "API tokens", icon: Ticket },
  requests: { href: "/requests", label: "Access requests", icon: Inbox },
  people: { href: "/people", label: "People", icon: UsersRound },
  groups: { href: "/groups", label: "Groups", icon: Group },
  audit: { href: "/audit", label: "Audit log", icon: ScrollText },
  import: { href: "/import", label: "Import", icon: Import },
  settings: { href: "/settings", label: "Settings", icon: Settings },
  organizations: { href: "/organizations", label: "Organisations", icon: Building2 },
} satisfies Record<string, { href: string; label: string; icon: LucideIcon }>;

export type Place = keyof typeof places;
