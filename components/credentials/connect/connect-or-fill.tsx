"use client";

import { type ReactNode, useState } from "react";
import { Segmented } from "@/components/ui/segmented";

interface Props {
  provider: string;
  signIn: ReactNode;
  form: ReactNode;
}

/** Two ways to the same kind of credential: a person signs in, or an application has values of its own. */
export function ConnectOrFill({ provider, signIn, form }: Props) {
  const [way, setWay] = useState<"sign_in" | "form">("sign_in");
  return (
    <div className="space-y-5">
      <Segmented
        label="Connect as"
        labelHidden={false}
        value={way}
        onChange={setWay}
        options={[
          { value: "sign_in", label: `A person, by signing in with ${provider}` },
          { value: "form", label: "An application" },
        ]}
      />
      {way === "sign_in" ? signIn : form}
    </div>
  );
}
