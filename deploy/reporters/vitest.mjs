// Tells whoever started Vitest of each test as it begins and ends (`../watched-run.mjs`).
import { relative } from "node:path";

export default class {
  onTestCaseReady(test) {
    tell({ kind: "begun", name: nameOf(test) });
  }

  onTestCaseResult(test) {
    const { state, errors = [] } = test.result();
    tell({ kind: "ended", name: nameOf(test), state, why: errors.map(({ message }) => message).join("\n") });
  }
}

const nameOf = (test) => `${relative(process.cwd(), test.module.moduleId)}: ${test.fullName}`;
const tell = (message) => process.connected && process.send(message);
