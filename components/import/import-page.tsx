"use client";

import { useState } from "react";
import { Segmented } from "@/components/ui/segmented";
import type { SourceDefinition } from "@/lib/importers";
import { SourceImport } from "./source-import";

/** Chooses where from. Each source has a form of its own, which starts empty. */
export function ImportPage({ sources }: { sources: SourceDefinition[] }) {
  const [chosen, choose] = useState(sources.find(({ key }) => key && !key.optional)?.id ?? sources[0]?.id ?? "");
  const source = sources.find(({ id }) => id === chosen);
  return (
    <div className="space-y-4">
      <Segmented
        label="Import from"
        labelHidden={false}
        value={chosen}
        options={sources.map(({ id, label }) => ({ value: id, label }))}
        onChange={choose}
      />
      {source && <SourceImport key={source.id} source={source} />}
    </div>
  );
}
