import { Command } from "cmdk";
import { Plus } from "lucide-react";
import { useOwnKinds } from "@/components/credentials/own-kinds";
import { offeredProviders, searchProviders } from "@/components/credentials/picker/offered";
import { type Place, places } from "@/components/shell/places";
import { Hit } from "./hit";

interface Props {
  text: string;
  shown: Place[];
  mayCreate: boolean;
  onGo: (href: string) => void;
}

/** Of more than this the picker gives the better view. */
const MAKES_MAX = 8;

/** Pages, and the forms for new credentials, that have every word. */
export function PlaceHits({ text, shown, mayCreate, onGo }: Props) {
  const own = useOwnKinds();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const pages = shown
    .map((name) => places[name])
    .filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  const makes =
    mayCreate && words.length > 0
      ? searchProviders(offeredProviders(own), words.filter((word) => word !== "new").join(" ")).slice(0, MAKES_MAX)
      : [];
  return (
    <>
      {pages.length > 0 && (
        <Command.Group heading="Pages">
          {pages.map(({ href, label, icon: Icon }) => (
            <Hit key={href} value={href} onSelect={() => onGo(href)} icon={<Icon aria-hidden className="size-4" />}>
              {label}
            </Hit>
          ))}
        </Command.Group>
      )}
      {makes.length > 0 && (
        <Command.Group heading="New credential">
          {makes.map(({ id, label }) => (
            <Hit
              key={id}
              value={`new ${id}`}
              onSelect={() => onGo(`/credentials/new/${id}`)}
              icon={<Plus aria-hidden className="size-4" />}
            >
              {label}
            </Hit>
          ))}
        </Command.Group>
      )}
    </>
  );
}
