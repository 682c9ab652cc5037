/**
 * Takes off what an address is copied with: surrounding blanks, line ends and a byte order mark, quotes, and the name it is
 * assigned to (`DATABASE_URL=…`, `export …`, a line of YAML or JSON), in whatever order they lie around it. The address
 * itself is not touched, and a text that holds none at its core is answered as it came.
 */
export function unwrapAddress(text: string, peel: (wrapped: string) => string = (wrapped) => wrapped): string {
  let core = text;
  for (let layer = 0; layer < LAYERS_MAX; layer++) {
    core = core.trim();
    if (ADDRESS.test(core)) return core;
    const peeled = withoutName(peel(core));
    // A name may itself stand in quotes: they come off by themselves, or the last one of its value would go with its first.
    core = peeled === core ? withoutQuotes(core) : peeled;
  }
  return text;
}

/** More than anybody wraps, and little enough that no text takes long. */
const LAYERS_MAX = 12;

const ADDRESS = /^[a-z][a-z0-9+.-]{0,40}:(?:[a-z]{1,40}:)?\/\//i;

/** A colon assigns only before a blank or a quote: `jdbc:postgresql:` is no name. */
const NAME =
  /^(?:(?:export|set|const|let|var|env|-e|--env)[ \t]{1,9}|\$env:)?(["']?)[a-z_][\w.-]{0,99}\1[ \t]{0,9}(?:=|:(?=["' \t]))/i;

const withoutName = (text: string) => text.replace(NAME, "");

const QUOTES: Record<string, string> = { '"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "<": ">" };

/** A line of a program or of JSON goes on after the closing quote. */
function withoutQuotes(line: string): string {
  const closing = QUOTES[line[0] ?? ""];
  if (!closing) return line;
  const end = line.endsWith(`${closing};`) || line.endsWith(`${closing},`) ? line.length - 2 : line.length - 1;
  return end > 0 && line[end] === closing ? line.slice(1, end) : line;
}
