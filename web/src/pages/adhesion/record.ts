import type { Change, ChangedCompany, Company, CompanyPage, History, Verification } from "../../api/messages.ts";
import { api } from "../../application.ts";

/** A company as it was read: `version` goes back with the change that is based on it. */
export interface CompanyRecord {
  readonly company: Company;
  readonly version: string;
}

export interface Asked {
  readonly search: string;
  readonly status: string;
  readonly page: number;
}

export function listCompanies(asked: Asked, signal: AbortSignal): Promise<CompanyPage> {
  const query = new URLSearchParams({ pagina: String(asked.page) });
  if (asked.search !== "") query.set("busca", asked.search);
  if (asked.status !== "") query.set("status", asked.status);
  return api.json<CompanyPage>(`/adesoes?${query}`, { signal });
}

export async function readCompany(cnpj: string, signal: AbortSignal): Promise<CompanyRecord> {
  const answer = await api.answer(`/adesoes/${cnpj}`, { signal });
  return { company: (await answer.json()) as Company, version: answer.headers.get("ETag") ?? "*" };
}

export interface Sent {
  readonly record: CompanyRecord;
  readonly message: string;
}

/** Send the whole change. With the same `key` it is applied once, however often it is sent. */
export async function sendChange(record: CompanyRecord, change: Change, key: string): Promise<Sent> {
  const answer = await api.answer(`/adesoes/${record.company.cnpj}`, {
    method: "PUT",
    body: change,
    headers: { "If-Match": record.version, "Idempotency-Key": key },
  });
  const { mensagem, ...company } = (await answer.json()) as ChangedCompany;
  return { record: { company, version: answer.headers.get("ETag") ?? "*" }, message: mensagem };
}

export function verifyFile(
  cnpj: string,
  file: { readonly name: string; readonly content: string },
  deletions: readonly string[],
  signal: AbortSignal,
): Promise<Verification> {
  return api.json<Verification>(`/adesoes/${cnpj}/certificados/verificacao`, {
    method: "POST",
    body: { nome: file.name, conteudo: file.content, excluir: deletions },
    signal,
  });
}

export function downloadCertificate(cnpj: string, fingerprint: string): Promise<Blob> {
  return api.blob(`/adesoes/${cnpj}/certificados/${fingerprint}`);
}

export function readHistory(cnpj: string, after: string | null, signal?: AbortSignal): Promise<History> {
  const query = after === null ? "" : `?${new URLSearchParams({ apos: after })}`;
  return api.json<History>(`/adesoes/${cnpj}/historico${query}`, signal === undefined ? {} : { signal });
}
