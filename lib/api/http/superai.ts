import "server-only";
import { failed, refuse } from "@/lib/api/wire/superai/refuse";
import { createApi } from "./route";
import { superaiCaller } from "./superai-caller";

/** The SuperAI door: our native API. */
export const superai = createApi({ name: "superai", refuse, failed, authenticate: superaiCaller });
