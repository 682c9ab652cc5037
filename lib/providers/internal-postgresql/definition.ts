import { defineProvider } from "../define";
import { passwordMethod } from "../postgresql/method";

export const definition = defineProvider({
  id: "internal_postgresql",
  label: "Internal PostgreSQL",
  description: "The PostgreSQL database that the platform keeps for this organisation.",
  category: "database",
  aliases: ["postgres", "managed database", "tenant database", "internal database"],
  methods: [passwordMethod()],
});
