/** JSON from outside nests a few levels; what calls itself for each level must never see more. */
export const DEPTH_MAX = 32;

/** How deep brackets nest in a text, strings aside, whether it is JSON or not. One pass, no recursion. */
export function depthOf(text: string): number {
  let [depth, deepest, inString] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (inString) {
      if (letter === "\\") at += 1;
      else if (letter === '"') inString = false;
    } else if (letter === '"') inString = true;
    else if (letter === "{" || letter === "[") {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (letter === "}" || letter === "]") depth -= 1;
  }
  return deepest;
}
