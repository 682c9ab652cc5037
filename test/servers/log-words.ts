/** What the product has said so far, in whatever form: the words of each line, and one space between them. */
export const wordsOf = (output: string): string =>
  output
    .split("\n")
    .map((line) => messageOf(line).replace(/\s+/g, " ").trim())
    .join("\n");

function messageOf(line: string): string {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === "object" && read !== null && "msg" in read ? String(read.msg) : line;
  } catch {
    return line;
  }
}
