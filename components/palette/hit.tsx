import { Command } from "cmdk";
import type { ReactNode } from "react";

interface Props {
  value: string;
  onSelect: () => void;
  icon: ReactNode;
  children: ReactNode;
  aside?: ReactNode;
}

export const Hit = ({ value, onSelect, icon, children, aside }: Props) => (
  <Command.Item
    value={value}
    onSelect={onSelect}
    className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-sunken"
  >
    <span className="text-soft">{icon}</span>
    <span className="flex min-w-0 flex-1 gap-x-2.5 max-sm:flex-col">
      <span className="truncate">{children}</span>
      {aside && <span className="truncate text-soft text-sm sm:ml-auto sm:max-w-1/2">{aside}</span>}
    </span>
  </Command.Item>
);
