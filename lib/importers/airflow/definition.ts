import { defineSource } from "../define";

export const definition = defineSource({
  id: "airflow",
  label: "Apache Airflow",
  description: "An export of Airflow's connections, or rows of its database with its key.",
  steps: [
    "On the machine that runs Airflow: airflow connections export connections.json",
    "Rows taken straight from its database are encrypted: take its key with them, fernet_key in airflow.cfg or the setting AIRFLOW__CORE__FERNET_KEY.",
    "Choose that file here; YAML and env exports and lines of AIRFLOW_CONN_… are read as well. Delete it afterwards: every secret in it is legible.",
  ],
  file: {
    option: "file",
    label: "Export file",
    help: "JSON, YAML or env, up to 64 MiB. It is read in memory and not kept.",
    accept: ".json,.yaml,.yml,.env,.txt,application/json",
  },
  key: {
    label: "Fernet key",
    help: "Only for rows that are still encrypted. After a rotation, all keys with commas between them.",
    optional: true,
  },
});
