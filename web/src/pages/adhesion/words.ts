import type { Act, Certificate, Company, RevocationStanding, Rule } from "../../api/messages.ts";

type Tone = "good" | "warn" | "bad" | "calm";

/** A state in words, with its tone; `hollow` for what is still to come. */
export interface Told {
  readonly tone: Tone;
  readonly text: string;
  readonly hollow?: boolean;
}

const DAY_MILLISECONDS = 86_400_000;

const ACTS: Readonly<Record<Act, string>> = {
  SENHA_DEFINIDA: "Senha definida",
  CERTIFICADO_ADICIONADO: "Certificado adicionado",
  CERTIFICADO_EXCLUIDO: "Certificado excluído",
  CERTIFICADO_REMOVIDO_POR_VENCIMENTO: "Certificado removido por vencimento",
  CERTIFICADO_REVOGADO: "Certificado revogado",
  ACESSO_BLOQUEADO: "Acesso bloqueado",
};

const RULES: Readonly<Record<Rule, string>> = {
  formato: "Formato",
  tamanho: "Tamanho",
  cadeia: "Cadeia ICP-Brasil",
  uso: "Uso",
  chave: "Chave",
  validade: "Validade",
  assinatura: "Assinatura",
  requerente: "Requerente",
  cnpj: "CNPJ",
  duplicado: "Duplicidade",
  quantidade: "Quantidade",
  revogacao: "Revogação",
};

const STATES: Readonly<Record<string, string>> = {
  ADERIDO: "Aderido",
  NAO_ADERIDO: "Não aderido",
  SEM_CERTIFICADO: "Sem certificado",
  VIGENTE: "Vigente",
  A_VENCER: "A vencer",
  VENCIDO: "Vencido",
  REVOGADO: "Revogado",
  EXCLUIDO: "Excluído",
  BLOQUEADO: "Bloqueado",
  LIBERADO: "Liberado",
};

export const STATUS_CHOICES = [
  { value: "", text: "Todos" },
  { value: "VIGENTE", text: "Vigente" },
  { value: "A_VENCER", text: "A vencer" },
  { value: "VENCIDO", text: "Vencido ou revogado" },
  { value: "SEM_CERTIFICADO", text: "Sem certificado" },
] as const;

export function actText(act: Act): string {
  return ACTS[act];
}

export function ruleText(rule: Rule): string {
  return RULES[rule];
}

/** A state of the history, which keeps them as the platform writes them. */
export function stateText(state: string): string {
  return STATES[state] ?? state;
}

export function companyTold(company: Company, now: Date): Told {
  switch (company.status) {
    case "VIGENTE":
      return { tone: "good", text: "Vigente" };
    case "A_VENCER":
      return { tone: "warn", text: endingText(lastEnd(company), now) };
    case "VENCIDO":
      // The platform has one status for a company without a certificate in force, whatever took the force away.
      return { tone: "bad", text: company.certificados.every(isRevoked) ? "Revogado" : "Vencido" };
    case "SEM_CERTIFICADO":
      return { tone: "calm", text: "Sem certificado", hollow: true };
  }
}

export function certificateTold(certificate: Certificate, now: Date): Told {
  switch (certificate.status) {
    case "VIGENTE":
      return { tone: "good", text: "Vigente" };
    case "A_VENCER":
      return { tone: "warn", text: endingText(certificate.validade, now) };
    case "VENCIDO":
      return { tone: "bad", text: "Vencido" };
    case "REVOGADO":
      return { tone: "bad", text: "Revogado" };
    case "EXCLUIDO":
      return { tone: "calm", text: "Excluído" };
  }
}

/** Null when there is nothing to say beside the status. */
export function revocationText(standing: RevocationStanding): string | null {
  return standing === "REVOGACAO_DESCONHECIDA" ? "Revogação não conferida" : null;
}

/** `arquivo.cer (impressão digital)`, as the history names a certificate, taken apart. */
export function targetParts(target: string): { readonly name: string; readonly fingerprint: string | null } {
  const parts = /^(.*) \(([0-9a-f]{64})\)$/s.exec(target);
  return parts === null ? { name: target, fingerprint: null } : { name: parts[1] ?? "", fingerprint: parts[2] ?? "" };
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const kibibytes = (bytes / 1024).toFixed(1).replace(".", ",");
  return bytes < 1024 * 1024 ? `${kibibytes} KiB` : `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MiB`;
}

function endingText(ends: string | null, now: Date): string {
  const days = ends === null ? Number.NaN : Math.floor((Date.parse(ends) - now.getTime()) / DAY_MILLISECONDS);
  if (Number.isNaN(days) || days < 0) return "A vencer";
  if (days === 0) return "A vencer em menos de 1 dia";
  return days === 1 ? "A vencer em 1 dia" : `A vencer em ${days} dias`;
}

function isRevoked(certificate: Certificate): boolean {
  return certificate.status === "REVOGADO";
}

/** When the company's last usable certificate ends. */
function lastEnd(company: Company): string | null {
  const ends = company.certificados.filter((one) => one.status === "A_VENCER").map((one) => one.validade);
  return ends.reduce<string | null>(
    (last, end) => (last === null || Date.parse(end) > Date.parse(last) ? end : last),
    null,
  );
}
