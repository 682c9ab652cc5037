import { upload } from "@/lib/api/http/upload";
import { FILE_MAX_BYTES, startImport } from "@/lib/importers";
import { readForm } from "../input";

/**
 * Previews or imports. The browser sends the file each time: kept between the two, it would have to lie somewhere, on a
 * disk or in the memory of one instance of several.
 */
export const POST = upload(FILE_MAX_BYTES, startImport, async ({ run }, form, tell, signal) =>
  run(await readForm(form), { onProgress: (progress) => tell({ progress }), signal }),
);
