import { type FieldValues, get, type Path, type UseFormReturn } from "react-hook-form";

/**
 * A control's part in a form, with its first value in the server's HTML: the form's own way puts values in only once React has the
 * page, and until then a stored host would look as if it were gone. Not for secrets, which have no first value.
 */
export const registered = <V extends FieldValues>(
  { register, formState }: Pick<UseFormReturn<V>, "register" | "formState">,
  path: Path<V>,
) => ({ ...register(path), defaultValue: get(formState.defaultValues, path) as string | undefined });
