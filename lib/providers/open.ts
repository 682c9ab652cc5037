import { defineProvider, type Provider } from "./define";

const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * A provider for a kind of credential that the catalogue does not know: every field is taken and is a secret, and there
 * is no test. Undefined for what is no name: 1 to 64 letters, digits, dots, dashes or underscores.
 */
export const openProvider = (id: string): Provider | undefined =>
  NAME.test(id) && !(id in {})
    ? defineProvider({
        id,
        label: id,
        description: "A kind of credential that Latchkey does not know: all of its fields are kept as secrets.",
        category: "automation",
        aliases: [],
        methods: [
          {
            type: "api_key",
            label: "Any values",
            fields: {},
            example: {},
            requiredBy: "forms",
            openFields: true,
            summary: () => id,
            obtainedBy: "values",
            testable: false,
          },
        ],
      })
    : undefined;
