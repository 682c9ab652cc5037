import Link from "next/link";
import { LinkPending } from "@/components/ui/link-pending";
import type { Listing } from "@/lib/providers/listing";
import { ProviderIcon } from "../provider-icon";

export const ProviderTiles = ({ list }: { list: Listing[] }) => (
  <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))] gap-2.5">
    {list.map((provider) => (
      <li key={provider.id}>
        <Link
          href={`/credentials/new/${provider.id}`}
          // There are a hundred: fetching each form as it scrolls by would be a flood.
          prefetch={false}
          className="group flex h-full items-start gap-3 rounded-lg border border-line bg-surface p-3.5 hover:border-accent hover:bg-accent-soft/50"
        >
          <span className="grid size-9 shrink-0 place-items-center rounded-md bg-sunken text-soft group-hover:text-accent">
            <ProviderIcon provider={provider.id} className="size-4.5" />
          </span>
          <span className="min-w-0">
            <span className="block font-medium text-ink">{provider.label}</span>
            <span className="line-clamp-2 text-soft text-sm">{provider.description}</span>
          </span>
          <LinkPending />
        </Link>
      </li>
    ))}
  </ul>
);
