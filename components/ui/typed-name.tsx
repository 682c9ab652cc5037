"use client";

import { useState } from "react";
import { Field } from "./field";
import { Input } from "./input";

/** Has a name typed before what bears it is destroyed. `matches` says at the field when it is another one. */
export function useTypedName(name: string) {
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const matches = () => {
    const same = typed.trim() === name.trim();
    setWrong(!same);
    return same;
  };
  const field = (
    <Field label={`Type the name to delete it: ${name}`} error={wrong ? "This is not the name" : undefined}>
      {(wiring) => (
        <Input
          {...wiring}
          data-passing
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setWrong(false);
          }}
        />
      )}
    </Field>
  );
  return { matches, field };
}
