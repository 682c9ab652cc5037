import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Deployment } from "kubernetes-models/apps/v1";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";
import { Ingress, NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { Service } from "kubernetes-models/v1";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { settings } from "@/lib/platform/env";
import { renderChart } from "@/test/servers/helm";

const folder = fileURLToPath(new URL("latchkey", import.meta.url));
const kinds = { Deployment, HorizontalPodAutoscaler, Ingress, NetworkPolicy, PodDisruptionBudget, Service };
type Kind = keyof typeof kinds;
interface Manifest {
  kind: Kind;
  apiVersion: string;
  metadata: { name: string };
}

const render = (values: Record<string, unknown> = {}) => renderChart(folder, values, "vault") as Manifest[];
const everything = {
  ...{ autoscaling: { enabled: true }, ingress: { enabled: true, annotations: { a: "b" } } },
  ...{ database: { hasMigrationUrl: true }, settings: { LOG_LEVEL: "warn", DATABASE_POOL: 8 } },
  ...{ networkPolicy: { from: [{ namespaceSelector: {} }] }, nodeSelector: { disk: "ssd" } },
  ...{ tolerations: [{ key: "x", operator: "Exists" }], image: { pullSecrets: [{ name: "pull" }] } },
};
const deployment = (values?: Record<string, unknown>) =>
  render(values).find(({ kind }) => kind === "Deployment") as unknown as ConstructorParameters<typeof Deployment>[0] &
    object;
const pod = (values?: Record<string, unknown>) => deployment(values)?.spec?.template.spec;

describe("the chart, rendered here and checked against Kubernetes' schemas, but run nowhere,", () => {
  test.each([
    ["as it comes", {}, ["Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service"]],
    [
      "with everything",
      everything,
      ["Deployment", "HorizontalPodAutoscaler", "Ingress", "NetworkPolicy", "PodDisruptionBudget", "Service"],
    ],
    [
      "with the least",
      { disruptionBudget: { enabled: false }, networkPolicy: { enabled: false } },
      ["Deployment", "Service"],
    ],
  ])("is valid %s", (_, values, expected) => {
    const manifests = render(values);
    expect(manifests.map(({ kind }) => kind).sort()).toEqual(expected);
    for (const manifest of manifests) {
      const Model = kinds[manifest.kind];
      const model = new Model(manifest as never);
      expect(model.apiVersion).toBe(manifest.apiVersion);
      expect(() => model.validate()).not.toThrow();
    }
  });

  test("lets a pod do nothing but serve: no root, no rights, no writing but in its own folders, no token of the cluster", () => {
    const spec = pod();
    const [container] = spec?.containers ?? [];
    expect(spec?.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 10001,
      fsGroup: 10001,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(spec?.automountServiceAccountToken).toBe(false);
    expect(container?.securityContext).toEqual({
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      capabilities: { drop: ["ALL"] },
    });
    const writable = container?.volumeMounts?.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath);
    expect(writable).toEqual(["/data", "/tmp"]);
  });

  test("gives the key as a file that its group may read and nobody may write, and where the program looks", () => {
    const [container] = pod()?.containers ?? [];
    const volume = pod()?.volumes?.find(({ name }) => name === "key");
    expect(volume?.secret).toEqual({ secretName: "latchkey-key", defaultMode: 0o440 });
    expect(container?.env).toContainEqual({ name: "LATCHKEY_KEY_FILE", value: "/run/latchkey/key" });
  });

  test("asks each probe at its own path, and sends nobody to a pod that is ending", () => {
    const [container] = pod()?.containers ?? [];
    expect(container?.startupProbe?.httpGet?.path).toBe("/api/health/startup");
    expect(container?.readinessProbe?.httpGet?.path).toBe("/api/health/ready");
    expect(container?.livenessProbe?.httpGet?.path).toBe("/api/health/live");
    expect(container?.lifecycle?.preStop?.sleep?.seconds).toBeGreaterThan(0);
    expect(deployment()?.spec?.strategy?.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  });

  test("names settings that there are, and leaves the count of pods to an autoscaler", () => {
    const names = pod(everything)?.containers[0]?.env?.map(({ name }) => name) ?? [];
    expect(names.filter((name) => !(name in settings))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(["LOG_LEVEL", "DATABASE_POOL", "MIGRATION_DATABASE_URL"]));
    expect(deployment()?.spec?.replicas).toBe(2);
    expect(deployment(everything)?.spec?.replicas).toBeUndefined();
  });

  test("has the version of the program", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    const chart = parse(readFileSync(`${folder}/Chart.yaml`, "utf8"));
    const { image } = parse(readFileSync(`${folder}/values.yaml`, "utf8"));
    expect([chart.version, chart.appVersion, image.tag]).toEqual([version, version, version]);
  });
});
