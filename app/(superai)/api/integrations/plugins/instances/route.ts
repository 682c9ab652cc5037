export { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } from "@/app/(superai)/api/plugins/instances/route";
