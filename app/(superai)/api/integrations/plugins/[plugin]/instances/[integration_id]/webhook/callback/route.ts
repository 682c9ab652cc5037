export {
  DELETE,
  GET,
  HEAD,
  OPTIONS,
  PATCH,
  POST,
  PUT,
} from "@/app/(superai)/api/plugins/[plugin]/instances/[integration_id]/webhook/callback/route";
