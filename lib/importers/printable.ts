const UNFIT = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** A name from elsewhere, fit to be shown on a page or a terminal: on one line, nothing invisible, at most 200 characters. */
export const printable = (text: string): string => {
  const plain = text.replace(UNFIT, " ").trim();
  return [...plain].length > 200 ? `${[...plain].slice(0, 199).join("")}…` : plain;
};

/** Field names in a sentence. One that is no plain word could be anything, a secret too, and is not repeated. */
export const listed = (names: string[]): string =>
  names.map((name) => (/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name) ? name : "(unnamed)")).join(", ");
