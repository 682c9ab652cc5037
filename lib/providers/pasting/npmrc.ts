import { bareValue } from "../settings";
import type { Reader } from "./read";

const TOKEN = /^\s*\/\/([^\s=]{1,300}?)\/?:_authToken\s*=\s*(.*)$/;

/** Reads the line of an .npmrc that holds a token, `//registry.example.com/:_authToken=…`, alone or in its file. */
export const readNpmrc: Reader = (text) => {
  const found = text.split(/[\r\n]+/).flatMap((line) => {
    const [, registry, value] = TOKEN.exec(line) ?? [];
    return registry === undefined ? [] : [{ registry: `https://${registry}`, token: bareValue(value ?? "") }];
  });
  const [one, ...others] = found;
  if (one === undefined) return undefined;
  return others.length > 0
    ? { problem: "Must hold the token of one registry; copy the line that is meant" }
    : { values: one };
};
