// Reads the JSON reports of Vitest and Playwright into one form.

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} skipped
 * @property {{ name: string, why: string }[]} failures
 */

/** @returns {Outcome} */
export function readVitest(report) {
  const files = report.testResults;
  const failures = files.flatMap(({ name, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === "failed");
    // A file that cannot be loaded has no test in it, only a message.
    if (assertionResults.length === 0 && message) return [{ name, why: message }];
    return failed.map((test) => ({ name: `${name}: ${test.fullName}`, why: test.failureMessages.join("\n") }));
  });
  const skipped = report.numPendingTests + (report.numTodoTests ?? 0);
  // An error outside every test (an unhandled rejection) fails the run as well.
  if (failures.length === 0 && !report.success)
    failures.push({ name: "the run as a whole", why: "see the output above" });
  return { passed: report.numPassedTests, skipped, failures };
}

/** @returns {Outcome} */
export function readPlaywright(report) {
  const broken = report.errors.map(({ message }) => ({ name: "the run as a whole", why: message ?? "" }));
  const specs = report.suites.flatMap(specsOf);
  const failed = specs.filter(({ ok }) => !ok);
  const skipped = specs.filter(({ tests }) => tests.every(({ status }) => status === "skipped"));
  return {
    passed: specs.length - failed.length - skipped.length,
    skipped: skipped.length,
    failures: [...broken, ...failed.map((spec) => ({ name: `${spec.file}: ${spec.title}`, why: whyOf(spec) }))],
  };
}

const specsOf = (suite) => [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];

function whyOf({ tests }) {
  const errors = tests.flatMap(({ results }) => results.at(-1)?.errors ?? []);
  return errors.map(({ message }) => message ?? "").join("\n");
}
