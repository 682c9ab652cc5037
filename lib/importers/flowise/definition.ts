import { defineSource } from "../define";

export const definition = defineSource({
  id: "flowise",
  label: "Flowise",
  description: "The credentials of a Flowise database, with their ids: flows that name one by its id keep working.",
  steps: [
    "Stop Flowise, so that nothing changes meanwhile.",
    "Take its database: the file database.sqlite in ~/.flowise (or DATABASE_PATH), or the address of its PostgreSQL, MySQL or MariaDB.",
    "Take its key: the file encryption.key beside it (or in SECRETKEY_PATH), or the setting FLOWISE_SECRETKEY_OVERWRITE.",
  ],
  file: {
    option: "database",
    label: "SQLite file",
    help: "database.sqlite, up to 64 MiB. It is read in memory and not kept.",
    accept: ".sqlite,.sqlite3,.db,application/vnd.sqlite3",
  },
  address: {
    label: "Database address",
    help: "postgresql://, mysql:// or mariadb://, of a user who may read the table credential. Without a TLS mode, the password goes only to a server whose certificate was verified; to others it is at most proven.",
    placeholder: "postgresql://user:password@db.example.com:5432/flowise",
  },
  key: {
    label: "Encryption key",
    help: "The content of encryption.key, or the value of FLOWISE_SECRETKEY_OVERWRITE.",
  },
  part: {
    option: "workspace",
    label: "Workspace",
    help: "Name or id. Needed only when the database holds credentials of several.",
  },
});
