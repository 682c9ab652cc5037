import "server-only";
import { failed, refuse } from "@/lib/wire/superai/refuse";
import { door } from "./route";
import { superaiCaller } from "./superai-caller";

/** The SuperAI door: our native API. */
export const superai = door({ name: "superai", refuse, failed, authenticate: superaiCaller });
