// A program in another language that uses the API by a client generated from its
// description: client.ts ADDRESS TOKEN
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

declare const process: { argv: string[]; exit(code: number): never };
const [address, token] = process.argv.slice(2) as [string, string];
const api = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${token}` } });

function must<T>(what: string, data: T | undefined, error: unknown): T {
  if (data === undefined) {
    console.error(what, error);
    process.exit(1);
  }
  return data;
}

const sites = await api.GET("/api/v1/sites");
const known = must("sites", sites.data, sites.error);
console.log("sites", ...known.map((site) => site.id));

const values = await api.GET("/api/v1/sites/{site}/points/{point}/values", {
  params: { path: { site: "hafen", point: "grid" }, query: { from: "2025-06-03", to: "2025-06-04", step: "15m" } },
});
const series = must("values", values.data, values.error);
if (typeof series === "string" || !Array.isArray(series)) throw new Error("values are no list");
const first = series[0];
if (!first || !("energy_coverage" in first)) throw new Error("values are no intervals");
console.log("values", series.length, first.unit, first.value);

const figures = await api.GET("/api/v1/sites/{site}/kpis", { params: { path: { site: "hafen" }, query: { period: "2025-06-03" } } });
const list = must("figures", figures.data, figures.error);
if (typeof list === "string") throw new Error("figures are CSV");
const pue = list.find((figure) => figure.kpi.includes("pue"));
console.log("figures", pue ? "pue" : "none");

const handIn = (value: number) =>
  api.POST("/api/v1/readings", {
    params: { header: { "Idempotency-Key": "client-1" } },
    body: [{ point: "hafen/grid", at: "2025-06-07T00:00:00Z", value, unit: "kWh" }],
  });
const taken = await handIn(7000);
console.log("taken", must("readings", taken.data, taken.error).accepted);
const again = await handIn(7000);
const repeated = must("readings again", again.data, again.error);
console.log("again", repeated.accepted, repeated.duplicate);
const other = await api.POST("/api/v1/readings", {
  params: { header: { "Idempotency-Key": "client-1" } },
  body: [{ point: "hafen/grid", at: "2025-06-08T00:00:00Z", value: 8000 }],
});
console.log("conflict", other.response.status, other.error?.code);

const nothing = await api.GET("/api/v1/sites/{site}", { params: { path: { site: "nowhere" } } });
if (!nothing.error) throw new Error("a site that is not there has no problem");
console.log("problem", nothing.error.status, nothing.error.code);
