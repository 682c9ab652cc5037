// Tells whoever started Playwright of each test as it begins and ends (`../watched-run.mjs`).
import { relative } from "node:path";

export default class {
  onTestBegin(test) {
    tell({ kind: "begun", name: nameOf(test) });
  }

  onTestEnd(test, { status, errors }) {
    const state = { passed: "passed", skipped: "skipped" }[status] ?? "failed";
    tell({ kind: "ended", name: nameOf(test), state, why: errors.map(({ message }) => message ?? "").join("\n") });
  }

  printsToStdio() {
    return false;
  }
}

const nameOf = (test) => `${relative(process.cwd(), test.location.file)}: ${test.titlePath().slice(3).join(" › ")}`;
const tell = (message) => process.connected && process.send(message);
