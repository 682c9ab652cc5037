import { defineSource } from "../define";

export const definition = defineSource({
  id: "n8n",
  label: "n8n",
  description: "A decrypted export of n8n's credentials.",
  steps: [
    "On the machine that runs n8n: n8n export:credentials --all --decrypted --output=credentials.json",
    "Choose that file here. Delete it afterwards: every secret in it is legible.",
  ],
  file: {
    option: "file",
    label: "Export file",
    help: "JSON, up to 64 MiB. It is read in memory and not kept.",
    accept: ".json,application/json",
  },
});
