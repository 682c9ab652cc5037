// The bill of materials: what a release is made of, in CycloneDX's form, for the programs that look for known weaknesses.
import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";

/**
 * @param {{ name: string, version: string, packages: import("./packages.mjs").Package[], at: Date }} release at: of its commit
 * @returns {string} JSON, the same for the same release
 */
export function billOfMaterials({ name, version, packages, at }) {
  const bom = new Models.Bom();
  bom.metadata.timestamp = at;
  bom.metadata.component = new Models.Component(Enums.ComponentType.Application, name, {
    version,
    bomRef: `${name}@${version}`,
    purl: purlOf({ name, version }),
    licenses: new Models.LicenseRepository([new Models.SpdxLicense("Apache-2.0")]),
  });
  for (const one of packages) {
    bom.components.add(componentOf(one));
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 1 })}\n`;
}

function componentOf({ name, version, licence, sha512, bundled }) {
  const component = new Models.Component(Enums.ComponentType.Library, name, {
    version,
    bomRef: `${name}@${version}`,
    purl: purlOf({ name, version }),
  });
  // As the package puts it; not every one of them uses the registered names.
  if (typeof licence === "string") component.licenses.add(new Models.NamedLicense(licence));
  if (sha512) component.hashes.set(Enums.HashAlgorithm["SHA-512"], sha512);
  component.properties.add(new Models.Property("latchkey:form", bundled ? "bundled" : "folder"));
  return component;
}

const purlOf = ({ name, version }) => `pkg:npm/${name.replace("@", "%40")}@${version}`;
