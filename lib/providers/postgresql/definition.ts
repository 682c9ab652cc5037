import { defineProvider } from "../define";
import { passwordMethod } from "./method";

export const definition = defineProvider({
  id: "postgresql",
  label: "PostgreSQL",
  description: "A PostgreSQL database: your own server, or a hosted one such as RDS, Cloud SQL, Neon or Supabase.",
  category: "database",
  aliases: ["postgres", "pg", "psql", "sql", "database", "rds", "neon", "supabase", "timescale"],
  docs: "https://www.postgresql.org/docs/current/libpq-connect.html",
  methods: [passwordMethod()],
});
