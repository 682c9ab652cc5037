declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface Options {
    domNode: HTMLElement;
    url: string;
    deepLinking: boolean;
    docExpansion: "list";
    defaultModelsExpandDepth: number;
    supportedSubmitMethods: string[];
    validatorUrl: null;
    plugins: (() => { wrapComponents: Record<string, () => () => null> })[];
  }
  export default function SwaggerUI(options: Options): unknown;
}
