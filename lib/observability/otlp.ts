import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  SpanKind as Side,
  type Span,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { parseTraceParent } from "@opentelemetry/core";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { type LogFields, type LogLevel, traceOf } from "@/lib/platform/log";
import { Refusal } from "@/lib/platform/refusal";
import type { Note, SpanFields, SpanKind, Tracer } from "@/lib/platform/tracing";

/**
 * Spans and lines of the log, sent to the operator's own collector: the one place of the program that dials it. What does not fit
 * into the queue is dropped, and so is what a collector does not take in time; nobody's request waits for either.
 */
const QUEUE = { maxQueueSize: 4_096, maxExportBatchSize: 512, scheduledDelayMillis: 2_000, exportTimeoutMillis: 5_000 };
/** What is still to be sent at the end has so long. */
const END_MS = 2_000;

/** Names of the OpenTelemetry conventions, where they have one. */
const NAMES: Record<keyof SpanFields, string> = {
  door: "latchkey.door",
  method: "http.request.method",
  route: "http.route",
  status: "http.response.status_code",
  action: "latchkey.action",
  statement: "db.operation.name",
  worker: "latchkey.worker",
  code: "error.type",
  actorKind: "latchkey.actor.kind",
};

const SEVERITY = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
} satisfies Record<LogLevel, SeverityNumber>;

export interface OtlpOptions {
  /** Of the collector, without a path. */
  endpoint: string;
  serviceName: string;
  version: string;
}

export class Otlp implements Tracer {
  readonly #under = new AsyncLocalStorage<Context>();
  readonly #traces: BasicTracerProvider;
  readonly #logs: LoggerProvider;
  readonly #tracer;
  readonly #logger;

  constructor({ endpoint, serviceName, version }: OtlpOptions) {
    const resource = resourceFromAttributes({
      "service.name": serviceName,
      "service.version": version,
      "service.instance.id": randomUUID(),
    });
    const at = (path: string) => ({ url: new URL(path, endpoint).href, timeoutMillis: QUEUE.exportTimeoutMillis });
    const spans = new BatchSpanProcessor(new OTLPTraceExporter(at("/v1/traces")), QUEUE);
    const lines = new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(at("/v1/logs")), ...QUEUE });
    this.#traces = new BasicTracerProvider({ resource, spanProcessors: [spans] });
    this.#logs = new LoggerProvider({ resource, processors: [lines] });
    this.#tracer = this.#traces.getTracer("latchkey", version);
    this.#logger = this.#logs.getLogger("latchkey", version);
  }

  async span<T>(
    kind: SpanKind,
    fields: SpanFields,
    work: (note: Note) => Promise<T>,
    parent?: string | null,
  ): Promise<T> {
    const within = contextOf(parent) ?? this.#under.getStore() ?? ROOT_CONTEXT;
    const span = this.#tracer.startSpan(
      nameOf(kind, fields),
      { kind: SIDES[kind], attributes: attributesOf(kind, fields) },
      within,
    );
    try {
      return await this.#under.run(trace.setSpan(within, span), () => work((more) => note(span, kind, more)));
    } catch (error) {
      // A refusal is an answer; what nobody foresaw is an error. Of neither a message.
      span.setAttribute(NAMES.code, error instanceof Refusal ? error.code : (traceOf(error).error ?? "unknown"));
      if (!(error instanceof Refusal)) span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  hold(): <T>(work: () => T) => T {
    const context = this.#under.getStore() ?? ROOT_CONTEXT;
    return (work) => this.#under.run(context, work);
  }

  /** Takes a line of the log, of its named fields alone. */
  readonly tell = (level: LogLevel, message: string, fields: LogFields): void => {
    const attributes: Record<string, string | number | string[]> = {};
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) attributes[`latchkey.${name}`] = value;
    this.#logger.emit({
      severityNumber: SEVERITY[level],
      severityText: level,
      body: message,
      attributes,
      context: this.#under.getStore() ?? ROOT_CONTEXT,
    });
  };

  /** Sends what there is, as far as two seconds go. */
  async stop(): Promise<void> {
    const ended = Promise.allSettled([this.#traces.shutdown(), this.#logs.shutdown()]);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, END_MS).unref())]);
  }
}

const SIDES: Record<SpanKind, Side> = {
  door: Side.SERVER,
  core: Side.INTERNAL,
  journal: Side.INTERNAL,
  statement: Side.CLIENT,
  transaction: Side.CLIENT,
  outbound: Side.CLIENT,
};

function nameOf(kind: SpanKind, { method, route, action, statement, worker }: SpanFields): string {
  if (kind === "door") return `${method} ${route}`;
  return action ?? statement ?? worker ?? kind;
}

const attributesOf = (kind: SpanKind, fields: SpanFields): Attributes => ({
  ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [NAMES[name as keyof SpanFields], value])),
  ...((kind === "statement" || kind === "transaction") && { "db.system.name": "postgresql" }),
});

function note(span: Span, kind: SpanKind, more: SpanFields): void {
  span.setAttributes(attributesOf(kind, more));
  if (more.status !== undefined && more.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Whatever is no well-formed traceparent begins a trace of its own. */
function contextOf(traceparent: string | null | undefined): Context | undefined {
  const parent = traceparent ? parseTraceParent(traceparent) : null;
  return parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : undefined;
}
