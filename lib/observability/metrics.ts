import "server-only";
import { Counter, collectDefaultMetrics, Gauge, Histogram, type LabelValues, Registry } from "prom-client";
import { type Loads, loads } from "@/lib/platform/loads";
import type { Meter } from "@/lib/platform/meter";
import { type PlatformState, platformStateReader } from "./platform-state";
import type { Answered, ConsoleMeasure, MetricsSources } from "./view";

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Keys that something is sealed under: two while a rotation is under way. */
const KEYS_MAX = 8;

/**
 * Everything that `/metrics` says. Every label's values come from a set that the program closes (doors, patterns of routes, checks,
 * queues, codes), so that no caller makes a series; nothing here names an organisation, a person or a credential.
 */
export class Metrics implements Meter {
  readonly #registry = new Registry();
  readonly #sources: MetricsSources;
  readonly #platform = platformStateReader();
  readonly #gauges = this.#declareGauges();
  readonly #counts = this.#declareCounts();
  readonly #requests = this.#counter("http_requests_total", "Requests answered.", [
    "door",
    "method",
    "route",
    "status",
  ]);
  readonly #duration = this.#histogram(
    "http_request_duration_seconds",
    "From a request's head to the end of its answer.",
    SECONDS,
    ["door", "method", "route"],
  );
  readonly #inFlight = this.#gauge("http_requests_in_flight", "Requests that are being answered.");
  readonly #batch = this.#histogram(
    "journal_batch_operations",
    "Operations that one statement of the journal stored.",
    [1, 2, 4, 8, 16, 32, 64],
  );
  readonly #wait = this.#histogram(
    "journal_wait_seconds",
    "From when an operation was handed to the journal until it was durable.",
    SECONDS,
  );
  readonly #fetches = this.#counter("secret_fetches_total", "Secrets handed out.");

  constructor(sources: MetricsSources) {
    this.#sources = sources;
    collectDefaultMetrics({ register: this.#registry });
  }

  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;

  stored(waitedMs: readonly number[]): void {
    this.#batch.observe(waitedMs.length);
    for (const ms of waitedMs) this.#wait.observe(ms / 1_000);
  }

  fetched(): void {
    this.#fetches.inc();
  }

  begun(): void {
    this.#inFlight.inc();
  }

  answered({ door, method, route, status, seconds }: Answered): void {
    this.#inFlight.dec();
    this.#requests.inc({ door, method, route, status });
    this.#duration.observe({ door, method, route }, seconds);
  }

  /** The text that Prometheus reads, as of now. Counts of the whole platform may be some seconds old. */
  async text(): Promise<string> {
    const { console, failing } = this.#sources;
    const [platform, measured, notPassing] = await Promise.all([this.#platform(), console.measure(), failing()]);
    this.#setChecks(notPassing);
    this.#setLoads("gateway", loads());
    this.#setConsole(measured);
    this.#setPlatform(platform);
    return this.#registry.metrics();
  }

  #declareGauges() {
    const gauge = this.#gauge.bind(this);
    return {
      build: gauge("build_info", "What is running; always 1.", ["version"]),
      check: gauge("ready_check", "1 where a check of readiness passes, 0 where it fails.", ["check"]),
      pool: gauge("database_connections", "Connections to the database.", ["process", "state"]),
      poolMax: gauge("database_connections_max", "Connections that the API's process may have."),
      poolWaiting: gauge("database_waiting", "Pieces of work that wait for a connection.", ["process"]),
      running: gauge("queue_running", "Work that has a place of a shared queue.", ["process", "queue"]),
      waiting: gauge("queue_waiting", "Work that waits for a place of a shared queue.", ["process", "queue"]),
      workers: gauge("workers_running", "Child processes at work.", ["process", "kind"]),
      consoleUp: gauge("console_up", "1 while the console takes requests."),
      consoleMemory: gauge("console_resident_memory_bytes", "Memory of the console's process."),
      consoleHeap: gauge("console_heap_used_bytes", "Of that, JavaScript's heap in use."),
      consoleLag: gauge("console_eventloop_lag_seconds", "Event-loop lag of the console since the last look.", [
        "statistic",
      ]),
      health: gauge("credentials", "Credentials of the platform by the newest test of their values.", ["health"]),
      inactive: gauge("credentials_inactive", "Credentials that are switched off."),
      reauth: gauge("credentials_needing_reauthorization", "Credentials somebody must sign in for again."),
      ending: gauge("credentials_ending", "Credentials by when their own end comes.", ["within"]),
      sealed: gauge("sealed_items", "What is sealed, by the key that it is sealed under.", ["key_id"]),
      jobs: gauge("jobs", "Background jobs of all instances.", ["queue", "state"]),
      jobsLate: gauge("jobs_late_seconds", "For how long the job that should have begun first has waited.", ["queue"]),
      anchored: gauge("audit_anchored_timestamp_seconds", "When all audit chains were last anchored by this instance."),
      streams: gauge("audit_streams", "Receivers of audit logs by how they stand; one may be counted in two states.", [
        "state",
      ]),
      streamsLag: gauge("audit_streams_lag_events", "Events that wait for a receiver of audit logs.", ["statistic"]),
      schema: gauge("schema_info", "The newest migration of the database; always 1.", ["migration"]),
      read: gauge("platform_read_success", "1 where a count of the whole platform could be read.", ["part"]),
    };
  }

  /** Counted elsewhere, in numbers that only grow. */
  #declareCounts() {
    const counter = this.#counter.bind(this);
    return {
      refusals: counter("refusals_total", "Answers that were a refusal, by its code.", ["process", "code"]),
      refused: counter("queue_refused_total", "Work that was refused a place of a shared queue.", ["process", "queue"]),
      workers: counter("workers_started_total", "Jobs that child processes were given.", ["process", "kind"]),
      cutOff: counter("workers_cut_off_total", "Of those, jobs that ended before they had answered.", [
        "process",
        "kind",
      ]),
      consoleStarts: counter("console_starts_total", "How often the console was started."),
      consoleCpu: counter("console_cpu_seconds_total", "Processor time of the console's process since it began."),
    };
  }

  #setChecks(failing: ReadonlySet<string>): void {
    const { checks, version, poolMax } = this.#sources;
    this.#gauges.build.set({ version }, 1);
    this.#gauges.poolMax.set(poolMax);
    for (const check of checks) this.#gauges.check.set({ check }, failing.has(check) ? 0 : 1);
  }

  #setLoads(process: string, { queues, workers, pool, refusals }: Loads): void {
    const [gauges, counts] = [this.#gauges, this.#counts];
    for (const [queue, { running, waiting, refused }] of Object.entries(queues)) {
      gauges.running.set({ process, queue }, running);
      gauges.waiting.set({ process, queue }, waiting);
      bringTo(counts.refused, { process, queue }, refused);
    }
    for (const [kind, { running, begun, cutOff }] of Object.entries(workers)) {
      gauges.workers.set({ process, kind }, running);
      bringTo(counts.workers, { process, kind }, begun);
      bringTo(counts.cutOff, { process, kind }, cutOff);
    }
    for (const [code, count] of Object.entries(refusals)) bringTo(counts.refusals, { process, code }, count);
    if (!pool) return;
    gauges.pool.set({ process, state: "busy" }, pool.size - pool.idle);
    gauges.pool.set({ process, state: "idle" }, pool.idle);
    gauges.poolWaiting.set({ process }, pool.waiting);
  }

  #setConsole(measured: ConsoleMeasure | undefined): void {
    const { console } = this.#sources;
    const gauges = this.#gauges;
    gauges.consoleUp.set(console.up ? 1 : 0);
    bringTo(this.#counts.consoleStarts, {}, console.starts);
    if (!measured) {
      for (const gauge of [gauges.consoleMemory, gauges.consoleHeap]) gauge.remove();
      gauges.consoleLag.reset();
      return;
    }
    gauges.consoleMemory.set(measured.residentBytes);
    gauges.consoleHeap.set(measured.heapBytes);
    bringTo(this.#counts.consoleCpu, {}, measured.cpuSeconds);
    gauges.consoleLag.set({ statistic: "p50" }, measured.lagSeconds.median);
    gauges.consoleLag.set({ statistic: "p99" }, measured.lagSeconds.p99);
    gauges.consoleLag.set({ statistic: "max" }, measured.lagSeconds.max);
    if (measured.loads) this.#setLoads("console", measured.loads);
  }

  #setPlatform({ credentials, keys, queues, streams, schema, anchoredAt }: PlatformState): void {
    const gauges = this.#gauges;
    for (const [part, read] of Object.entries({ credentials, keys, jobs: queues, audit_streams: streams, schema }))
      gauges.read.set({ part }, read === undefined ? 0 : 1);
    // What is not known is left out, rather than said as it once was.
    const unknown = [gauges.health, gauges.ending, gauges.sealed, gauges.jobs, gauges.jobsLate, gauges.schema];
    for (const gauge of [...unknown, gauges.streams, gauges.streamsLag]) gauge.reset();
    this.#setStreams(streams);
    if (anchoredAt === undefined) gauges.anchored.remove();
    else gauges.anchored.set(anchoredAt / 1_000);
    if (schema !== undefined) gauges.schema.set({ migration: schema }, 1);
    for (const { keyId, count } of keys?.slice(0, KEYS_MAX) ?? []) gauges.sealed.set({ key_id: keyId }, count);
    for (const { queue, waiting, retrying, running, deadLetters, lateSeconds } of queues ?? []) {
      const states = { waiting: waiting - retrying, retrying, running, dead: deadLetters };
      for (const [state, count] of Object.entries(states)) gauges.jobs.set({ queue, state }, count);
      gauges.jobsLate.set({ queue }, lateSeconds);
    }
    if (!credentials) {
      for (const gauge of [gauges.inactive, gauges.reauth]) gauge.remove();
      return;
    }
    for (const [health, count] of Object.entries(credentials.health)) gauges.health.set({ health }, count);
    gauges.inactive.set(credentials.inactive);
    gauges.reauth.set(credentials.needingReauthorization);
    gauges.ending.set({ within: "ended" }, credentials.ended);
    gauges.ending.set({ within: "7d" }, credentials.endingInDays7);
    gauges.ending.set({ within: "30d" }, credentials.endingInDays30);
  }

  #setStreams(streams: PlatformState["streams"]): void {
    if (!streams) return;
    const { streams: enabled, failing, full, lagMax, lagSum } = streams;
    for (const [state, count] of Object.entries({ enabled, failing, full })) this.#gauges.streams.set({ state }, count);
    this.#gauges.streamsLag.set({ statistic: "max" }, lagMax);
    this.#gauges.streamsLag.set({ statistic: "sum" }, lagSum);
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[] = []): Counter<L> {
    return new Counter({ name: `latchkey_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #gauge<L extends string>(name: string, help: string, labelNames: L[] = []): Gauge<L> {
    return new Gauge({ name: `latchkey_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<L extends string>(name: string, help: string, buckets: number[], labelNames: L[] = []): Histogram<L> {
    return new Histogram({ name: `latchkey_${name}`, help, buckets, labelNames, registers: [this.#registry] });
  }
}

/** A counter that is kept elsewhere; where that began anew (another process), so does this one. */
function bringTo<L extends string>(counter: Counter<L>, labels: LabelValues<L>, value: number): void {
  counter.remove(labels);
  counter.inc(labels, value);
}
